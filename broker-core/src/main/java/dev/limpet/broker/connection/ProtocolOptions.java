package dev.limpet.broker.connection;

import dev.limpet.broker.io.KeepAlive;
import dev.limpet.broker.mqtt.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Holds a broker's settings for the choices MQTT leaves to servers. Immutable.
 *
 * @param keepAliveSecondsMax longest keep alive, 1 to 65,535. It applies to clients that ask for
 *     more, or for none: v5 clients learn it from CONNACK [MQTT-3.2.2-21], 3.x clients cannot.
 *     Default 65,535, which limits no client: 0 then still means "no keep alive"
 * @param keepAliveCountsBytes whether the bytes of a packet that is not whole yet break the
 *     silence, for a bounded time ({@link KeepAlive}); default true: a slow line is no dead one.
 *     False for the letter of [MQTT-3.1.2-22], by which only whole packets do
 * @param topicAliasesOutMax topic aliases used towards one v5 client, 0 to 65,535, its own maximum
 *     if that is lower; default 16: most clients get few topics over and over, and each alias is a
 *     map entry
 * @param reasonStrings whether v5 clients are told in words why something was refused; default
 *     true: it helps more than it costs, and only failures pay
 * @param responseInformation Response Information for clients that ask for it, the basis of their
 *     response topics; {@code %c} stands for the client id; null, the default, for none: only an
 *     operator can reserve topics
 * @param serverReference where clients are sent while this node stops (host or host:port, as
 *     clients understand it); null, the default, to tell them only that it does
 */
public record ProtocolOptions(
    int keepAliveSecondsMax,
    boolean keepAliveCountsBytes,
    int topicAliasesOutMax,
    boolean reasonStrings,
    @Nullable String responseInformation,
    @Nullable String serverReference) {

  /** The maximum that limits no client. */
  public static final int KEEP_ALIVE_UNLIMITED = 65_535;

  /** Stands for the client id in the response information. */
  public static final String CLIENT_ID = "%c";

  public static final ProtocolOptions DEFAULTS =
      new ProtocolOptions(KEEP_ALIVE_UNLIMITED, true, 16, true, null, null);

  public ProtocolOptions {
    if (keepAliveSecondsMax < 1 || keepAliveSecondsMax > KEEP_ALIVE_UNLIMITED) {
      throw new IllegalArgumentException(
          "a longest keep alive of " + keepAliveSecondsMax + " s: it is 1 to 65535");
    }
    if (topicAliasesOutMax < 0 || topicAliasesOutMax > 65_535) {
      throw new IllegalArgumentException(topicAliasesOutMax + " topic aliases: 0 to 65535");
    }
    if (responseInformation != null && !fitsTopics(responseInformation)) {
      throw new IllegalArgumentException("response information is part of a topic: no + and no #");
    }
  }

  private static boolean fitsTopics(String text) {
    return !text.isEmpty() && text.indexOf('+') < 0 && text.indexOf('#') < 0;
  }

  /**
   * The keep alive a client is held to.
   *
   * @param askedSeconds 0 to 65,535, 0 for none
   */
  public int keepAliveSeconds(int askedSeconds) {
    if (keepAliveSecondsMax == KEEP_ALIVE_UNLIMITED) {
      return askedSeconds;
    }
    return askedSeconds == 0 ? keepAliveSecondsMax : Math.min(askedSeconds, keepAliveSecondsMax);
  }

  /**
   * The response information of a client; null when there is none. A client id that would reach
   * into other clients' topics gets none.
   */
  public @Nullable String responseInformation(ClientId clientId) {
    if (responseInformation == null || !responseInformation.contains(CLIENT_ID)) {
      return responseInformation;
    }
    String id = clientId.value();
    return fitsTopics(id) && id.indexOf('/') < 0
        ? responseInformation.replace(CLIENT_ID, id)
        : null;
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
    private int keepAliveSecondsMax;
    private boolean keepAliveCountsBytes;
    private int topicAliasesOutMax;
    private boolean reasonStrings;
    private @Nullable String responseInformation;
    private @Nullable String serverReference;

    private Builder(ProtocolOptions from) {
      keepAliveSecondsMax = from.keepAliveSecondsMax;
      keepAliveCountsBytes = from.keepAliveCountsBytes;
      topicAliasesOutMax = from.topicAliasesOutMax;
      reasonStrings = from.reasonStrings;
      responseInformation = from.responseInformation;
      serverReference = from.serverReference;
    }

    public Builder keepAliveSecondsMax(int value) {
      keepAliveSecondsMax = value;
      return this;
    }

    public Builder keepAliveCountsBytes(boolean value) {
      keepAliveCountsBytes = value;
      return this;
    }

    public Builder topicAliasesOutMax(int value) {
      topicAliasesOutMax = value;
      return this;
    }

    public Builder reasonStrings(boolean value) {
      reasonStrings = value;
      return this;
    }

    public Builder responseInformation(@Nullable String value) {
      responseInformation = value;
      return this;
    }

    public Builder serverReference(@Nullable String value) {
      serverReference = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public ProtocolOptions build() {
      return new ProtocolOptions(
          keepAliveSecondsMax,
          keepAliveCountsBytes,
          topicAliasesOutMax,
          reasonStrings,
          responseInformation,
          serverReference);
    }
  }
}
