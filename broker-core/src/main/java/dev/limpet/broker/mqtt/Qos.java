package dev.limpet.broker.mqtt;

/** Quality of service (MQTT 5.0 section 4.3); the ordinal is the number on the wire. */
public enum Qos {
  AT_MOST_ONCE,
  AT_LEAST_ONCE,
  EXACTLY_ONCE;

  private static final Qos[] BY_LEVEL = values();

  /**
   * @throws IllegalArgumentException when {@code level} is not 0, 1 or 2
   */
  public static Qos of(int level) {
    if (level < 0 || level >= BY_LEVEL.length) {
      throw new IllegalArgumentException("QoS is 0, 1 or 2, not " + level);
    }
    return BY_LEVEL[level];
  }

  public int level() {
    return ordinal();
  }

  /** The lower of the two: the QoS at which a subscription gets a publication. */
  public Qos atMost(Qos other) {
    return ordinal() <= other.ordinal() ? this : other;
  }

  /** Whether a delivery is acknowledged. */
  public boolean isAcknowledged() {
    return this != AT_MOST_ONCE;
  }
}
