package dev.limpet.broker.topic;

/**
 * The topic a publication is sent to: at least one character, no wildcard, no U+0000, at most
 * 65,535 bytes of UTF-8 ([MQTT-3.3.2-2], [MQTT-4.7.3-1] to [MQTT-4.7.3-3]).
 *
 * <p>Immutable.
 */
public record TopicName(String value) implements Comparable<TopicName> {
  private static final String BRIDGE_STATE = "$SYS/broker/connection/";
  private static final String BRIDGE_STATE_END = "/state";

  /**
   * @throws InvalidTopicException when {@code value} breaks a rule named above
   */
  public TopicName {
    TopicRules.requireLength(value);
    if (value.indexOf('+') >= 0 || value.indexOf('#') >= 0) {
      throw new InvalidTopicException("a topic name holds no wildcard"); // [MQTT-3.3.2-2]
    }
  }

  /** The topic named {@code value}. */
  public static TopicName of(String value) {
    return new TopicName(value);
  }

  /** Whether the server keeps this topic for itself: wildcards at the first level skip it. */
  public boolean isReserved() {
    return value.charAt(0) == '$'; // [MQTT-4.7.2-1]
  }

  /** Whether it is the server's to publish to: {@code $SYS} and all below. */
  public boolean isSystem() {
    return isReserved() && TopicRules.isSystem(value);
  }

  /**
   * Whether a bridge says here whether it is connected: {@code $SYS/broker/connection/+/state}, as
   * mosquitto names it. The one topic below {@code $SYS} that clients publish to.
   */
  public boolean isBridgeState() {
    int end = value.length() - BRIDGE_STATE_END.length();
    return end > BRIDGE_STATE.length()
        && value.startsWith(BRIDGE_STATE)
        && value.indexOf('/', BRIDGE_STATE.length()) == end
        && value.endsWith(BRIDGE_STATE_END);
  }

  @Override
  public int compareTo(TopicName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
