package dev.limpet.broker.connection;

/**
 * What a broker makes of the choices MQTT leaves to servers. Immutable.
 *
 * @param keepAliveSecondsMax longest keep alive, 1 to 65,535. A client that asks for more, or for
 *     none, is held to it: v5 clients are told in CONNACK [MQTT-3.2.2-21], 3.x clients cannot be.
 *     Default 65,535, which holds nobody: 0 stays "no keep alive" then
 */
public record ProtocolOptions(int keepAliveSecondsMax) {

  /** What a client without a keep alive is held to when nothing else was said: nothing. */
  public static final int KEEP_ALIVE_UNLIMITED = 65_535;

  public static final ProtocolOptions DEFAULTS = new ProtocolOptions(KEEP_ALIVE_UNLIMITED);

  public ProtocolOptions {
    if (keepAliveSecondsMax < 1 || keepAliveSecondsMax > KEEP_ALIVE_UNLIMITED) {
      throw new IllegalArgumentException(
          "a longest keep alive of " + keepAliveSecondsMax + " s: it is 1 to 65535");
    }
  }

  /** The same with another longest keep alive. */
  public ProtocolOptions withKeepAliveSecondsMax(int seconds) {
    return new ProtocolOptions(seconds);
  }

  /**
   * The keep alive a client is held to.
   *
   * @param askedSeconds 0 to 65,535, 0 for none
   */
  int keepAliveSeconds(int askedSeconds) {
    if (keepAliveSecondsMax == KEEP_ALIVE_UNLIMITED) {
      return askedSeconds;
    }
    return askedSeconds == 0 ? keepAliveSecondsMax : Math.min(askedSeconds, keepAliveSecondsMax);
  }
}
