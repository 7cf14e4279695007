package dev.limpet.lb;

/**
 * Builds {@link FrontendOptions}; units, bounds and reasons are documented there. Not thread-safe.
 */
public final class FrontendOptionsBuilder {

  private int connectBytesMax = 64 * 1024;
  private int connectTimeoutMillis = 10_000;
  private int handshakesMax = 16_384;
  private long handshakeBytesMax = 64L * 1024 * 1024;
  private int connectionsMax = 200_000;
  private int placementWaitMillis = 5_000;
  private int placementRetryMillis = 50;
  private int relayConnectTimeoutMillis = 2_000;
  private int relayQueueBytesMax = 256 * 1024;
  private int relayStallMillis = 60_000;
  private int relayLingerMillis = 5_000;
  private int backendFailuresMax = 3;
  private int backendRetryMillis = 1_000;

  FrontendOptionsBuilder() {}

  /** See {@link FrontendOptions#connectBytesMax()}. */
  public FrontendOptionsBuilder connectBytesMax(int connectBytesMax) {
    this.connectBytesMax = connectBytesMax;
    return this;
  }

  /** See {@link FrontendOptions#connectTimeoutMillis()}. */
  public FrontendOptionsBuilder connectTimeoutMillis(int connectTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
    return this;
  }

  /** See {@link FrontendOptions#handshakesMax()}. */
  public FrontendOptionsBuilder handshakesMax(int handshakesMax) {
    this.handshakesMax = handshakesMax;
    return this;
  }

  /** See {@link FrontendOptions#handshakeBytesMax()}. */
  public FrontendOptionsBuilder handshakeBytesMax(long handshakeBytesMax) {
    this.handshakeBytesMax = handshakeBytesMax;
    return this;
  }

  /** See {@link FrontendOptions#connectionsMax()}. */
  public FrontendOptionsBuilder connectionsMax(int connectionsMax) {
    this.connectionsMax = connectionsMax;
    return this;
  }

  /** See {@link FrontendOptions#placementWaitMillis()}. */
  public FrontendOptionsBuilder placementWaitMillis(int placementWaitMillis) {
    this.placementWaitMillis = placementWaitMillis;
    return this;
  }

  /** See {@link FrontendOptions#placementRetryMillis()}. */
  public FrontendOptionsBuilder placementRetryMillis(int placementRetryMillis) {
    this.placementRetryMillis = placementRetryMillis;
    return this;
  }

  /** See {@link FrontendOptions#relayConnectTimeoutMillis()}. */
  public FrontendOptionsBuilder relayConnectTimeoutMillis(int relayConnectTimeoutMillis) {
    this.relayConnectTimeoutMillis = relayConnectTimeoutMillis;
    return this;
  }

  /** See {@link FrontendOptions#relayQueueBytesMax()}. */
  public FrontendOptionsBuilder relayQueueBytesMax(int relayQueueBytesMax) {
    this.relayQueueBytesMax = relayQueueBytesMax;
    return this;
  }

  /** See {@link FrontendOptions#relayStallMillis()}. */
  public FrontendOptionsBuilder relayStallMillis(int relayStallMillis) {
    this.relayStallMillis = relayStallMillis;
    return this;
  }

  /** See {@link FrontendOptions#relayLingerMillis()}. */
  public FrontendOptionsBuilder relayLingerMillis(int relayLingerMillis) {
    this.relayLingerMillis = relayLingerMillis;
    return this;
  }

  /** See {@link FrontendOptions#backendFailuresMax()}. */
  public FrontendOptionsBuilder backendFailuresMax(int backendFailuresMax) {
    this.backendFailuresMax = backendFailuresMax;
    return this;
  }

  /** See {@link FrontendOptions#backendRetryMillis()}. */
  public FrontendOptionsBuilder backendRetryMillis(int backendRetryMillis) {
    this.backendRetryMillis = backendRetryMillis;
    return this;
  }

  /**
   * The options.
   *
   * @throws IllegalArgumentException if a value is out of its bounds; names the option
   */
  public FrontendOptions build() {
    return new FrontendOptions(
        connectBytesMax,
        connectTimeoutMillis,
        handshakesMax,
        handshakeBytesMax,
        connectionsMax,
        placementWaitMillis,
        placementRetryMillis,
        relayConnectTimeoutMillis,
        relayQueueBytesMax,
        relayStallMillis,
        relayLingerMillis,
        backendFailuresMax,
        backendRetryMillis);
  }
}
