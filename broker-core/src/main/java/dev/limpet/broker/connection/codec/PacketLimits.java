package dev.limpet.broker.connection.codec;

import dev.limpet.broker.metrics.Limit;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the content of a packet, besides its size. Immutable.
 *
 * @param connectBytesMax size of a CONNECT, fixed header included, 16 to 268,435,460, default
 *     262,144: room for a will, a user name and a password of maximum size; its sender is not
 *     authenticated yet
 * @param clientIdBytesMax 23 [MQTT-3.1.3-5] to 65,535 bytes of UTF-8, default 1,024: far above
 *     usual ids, but bounded as every node keeps the ids of all sessions
 * @param topicBytesMax of a topic or filter, 1 to 65,535 bytes of UTF-8, default 4,096: as long as
 *     a path in a file system; the plans of 10,000 topics are kept
 * @param topicLevelsMax of a topic or filter, 1 to 65,535, default 200: as in mosquitto; matching
 *     takes time by the level
 * @param filtersPerPacketMax filters of one SUBSCRIBE that are considered, default 10,000: as many
 *     as a session may have; further ones are refused one by one
 */
public record PacketLimits(
    int connectBytesMax,
    int clientIdBytesMax,
    int topicBytesMax,
    int topicLevelsMax,
    int filtersPerPacketMax) {

  /** Fewest bytes of a client id that every server takes [MQTT-3.1.3-5]. */
  public static final int CLIENT_ID_BYTES_MIN = 23;

  /** Longest string MQTT can carry, in bytes. */
  public static final int STRING_BYTES_MAX = 65_535;

  public static final PacketLimits DEFAULTS = new PacketLimits(262_144, 1_024, 4_096, 200, 10_000);

  /** The bounds of the protocol itself. */
  public static final PacketLimits NONE =
      new PacketLimits(
          Integer.MAX_VALUE,
          STRING_BYTES_MAX,
          STRING_BYTES_MAX,
          STRING_BYTES_MAX + 1,
          Integer.MAX_VALUE);

  public PacketLimits {
    if (connectBytesMax < 16
        || topicBytesMax < 1
        || topicLevelsMax < 1
        || filtersPerPacketMax < 1) {
      throw new IllegalArgumentException("a bound of packets leaves no room for any");
    }
    if (clientIdBytesMax < CLIENT_ID_BYTES_MIN) {
      throw new IllegalArgumentException("client ids of 23 bytes are always allowed");
    }
  }

  /** Returns the limit a topic or filter exceeds; null when within the bounds. */
  public @Nullable Limit brokenBy(String topic) {
    if (isLonger(topic, topicBytesMax)) {
      return Limit.TOPIC_BYTES_MAX;
    }
    return topic.length() >= topicLevelsMax && levels(topic) > topicLevelsMax
        ? Limit.TOPIC_LEVELS_MAX
        : null;
  }

  /** Names the bound that a topic or filter breaks, for its client; null when it is within them. */
  public @Nullable String words(String topic) {
    Limit broken = brokenBy(topic);
    if (broken == null) {
      return null;
    }
    int max = broken == Limit.TOPIC_BYTES_MAX ? topicBytesMax : topicLevelsMax;
    return "beyond " + broken.key() + ", which is " + max;
  }

  boolean allowsClientId(String clientId) {
    return !isLonger(clientId, clientIdBytesMax);
  }

  /** A char takes three bytes at most, so nearly no text has to be counted. */
  private static boolean isLonger(String text, int bytesMax) {
    return text.length() > bytesMax / 3
        && (text.length() > bytesMax || ByteBufUtil.utf8Bytes(text) > bytesMax);
  }

  private static int levels(String topic) {
    int levels = 1;
    for (int i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) {
      levels++;
    }
    return levels;
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private int connectBytesMax;
    private int clientIdBytesMax;
    private int topicBytesMax;
    private int topicLevelsMax;
    private int filtersPerPacketMax;

    private Builder(PacketLimits from) {
      connectBytesMax = from.connectBytesMax;
      clientIdBytesMax = from.clientIdBytesMax;
      topicBytesMax = from.topicBytesMax;
      topicLevelsMax = from.topicLevelsMax;
      filtersPerPacketMax = from.filtersPerPacketMax;
    }

    public Builder connectBytesMax(int value) {
      connectBytesMax = value;
      return this;
    }

    public Builder clientIdBytesMax(int value) {
      clientIdBytesMax = value;
      return this;
    }

    public Builder topicBytesMax(int value) {
      topicBytesMax = value;
      return this;
    }

    public Builder topicLevelsMax(int value) {
      topicLevelsMax = value;
      return this;
    }

    public Builder filtersPerPacketMax(int value) {
      filtersPerPacketMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public PacketLimits build() {
      return new PacketLimits(
          connectBytesMax, clientIdBytesMax, topicBytesMax, topicLevelsMax, filtersPerPacketMax);
    }
  }
}
