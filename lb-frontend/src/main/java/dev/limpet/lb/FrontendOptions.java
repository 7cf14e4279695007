package dev.limpet.lb;

/**
 * Holds the settings of one sticky listener. Immutable.
 *
 * @param connectionsMax connections through this listener at once; the newest above it is closed;
 *     default 200,000: a usual limit of open files, shared with relays
 * @param handshake of clients whose id is not known yet
 * @param placement of clients whose home is not known yet
 * @param relay between a client and its home
 * @param backend how unreachable nodes are treated
 */
public record FrontendOptions(
    int connectionsMax,
    HandshakeOptions handshake,
    PlacementOptions placement,
    RelayOptions relay,
    BackendOptions backend) {

  private static final FrontendOptions DEFAULTS =
      new FrontendOptions(
          200_000,
          new HandshakeOptions(64 * 1024, 10_000, 16_384, 64L * 1024 * 1024),
          new PlacementOptions(5_000, 50),
          new RelayOptions(2_000, 256 * 1024, 60_000, 5_000),
          new BackendOptions(3, 1_000));

  /**
   * @throws IllegalArgumentException if a value is out of its bounds; names the option
   */
  public FrontendOptions {
    positive(connectionsMax, "connectionsMax");
  }

  /**
   * Bounds of connections whose client id is not known yet. Immutable.
   *
   * @param connectBytesMax bytes a client may send before its id is complete; default 65,536: room
   *     for user properties and a token in front of the id; will and password stand behind it and
   *     do not count
   * @param connectTimeoutMillis time from accept until the client id must be complete, however the
   *     bytes drip; default 10,000: slow mobile links need a few seconds
   * @param handshakesMax connections that are not yet served at once; for one more, the oldest of
   *     its event loop that has not told its client id is closed, or itself when there is none;
   *     default 16,384: more than one reconnect storm leaves undecided on a small machine
   * @param handshakeBytesMax bytes that all undecided handshakes hold together; who exceeds it is
   *     closed; default 67,108,864 (64 MiB): the ceiling of memory that unknown clients can take
   */
  public record HandshakeOptions(
      int connectBytesMax, int connectTimeoutMillis, int handshakesMax, long handshakeBytesMax) {
    private static final int CONNECT_BYTES_MIN = 64;

    /**
     * @throws IllegalArgumentException if a value is out of its bounds; names the option
     */
    public HandshakeOptions {
      check(connectBytesMax >= CONNECT_BYTES_MIN, "connectBytesMax", "must be at least 64");
      check(handshakeBytesMax >= connectBytesMax, "handshakeBytesMax", "is below connectBytesMax");
      positive(connectTimeoutMillis, "connectTimeoutMillis");
      positive(handshakesMax, "handshakesMax");
    }
  }

  /**
   * How homes are asked for. Immutable.
   *
   * @param waitMillis how long a client waits for its home to become known; default 5,000: the time
   *     in which a frozen node is noticed
   * @param retryMillis pause between two questions to {@link Placement}; default 50: short against
   *     a reconnect
   */
  public record PlacementOptions(int waitMillis, int retryMillis) {

    /**
     * @throws IllegalArgumentException if a value is out of its bounds; names the option
     */
    public PlacementOptions {
      positive(waitMillis, "placementWaitMillis");
      positive(retryMillis, "placementRetryMillis");
    }
  }

  /**
   * Bounds of one relay. Immutable.
   *
   * @param connectTimeoutMillis time for the TCP connection to the home; default 2,000: homes are
   *     in the same network
   * @param queueBytesMax bytes queued per direction of a relay before its source is no longer read,
   *     and the kernel's receive buffer of both sockets; default 262,144: fills a 100 Mbit/s link
   *     at 20 ms
   * @param stallMillis how long one side of a relay may take nothing while its queue is full; then
   *     the relay is closed; default 60,000: no client that lives is so slow
   * @param lingerMillis time for the last bytes of a relay to leave when one side has closed;
   *     default 5,000: as long as a slow client needs for a full queue
   */
  public record RelayOptions(
      int connectTimeoutMillis, int queueBytesMax, int stallMillis, int lingerMillis) {
    private static final int QUEUE_BYTES_MIN = 1024;

    /**
     * @throws IllegalArgumentException if a value is out of its bounds; names the option
     */
    public RelayOptions {
      check(queueBytesMax >= QUEUE_BYTES_MIN, "relayQueueBytesMax", "is below 1024");
      positive(connectTimeoutMillis, "relayConnectTimeoutMillis");
      positive(stallMillis, "relayStallMillis");
      positive(lingerMillis, "relayLingerMillis");
    }
  }

  /**
   * When a node is skipped. Immutable.
   *
   * @param failuresMax connect failures in a row after which a node is skipped; default 3: one may
   *     be chance
   * @param retryMillis how long a failing node is skipped before one connection tries it again;
   *     default 1,000: the membership will have noticed by then
   */
  public record BackendOptions(int failuresMax, int retryMillis) {

    /**
     * @throws IllegalArgumentException if a value is out of its bounds; names the option
     */
    public BackendOptions {
      positive(failuresMax, "backendFailuresMax");
      positive(retryMillis, "backendRetryMillis");
    }
  }

  /** All defaults. */
  public static FrontendOptions defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  private static void positive(int value, String name) {
    check(value > 0, name, "must be positive");
  }

  private static void check(boolean valid, String name, String problem) {
    if (!valid) {
      throw new IllegalArgumentException(name + " " + problem);
    }
  }

  /** Names what differs from the values it starts from. Confined to its caller. */
  public static final class Builder {
    private int connectBytesMax;
    private int connectTimeoutMillis;
    private int handshakesMax;
    private long handshakeBytesMax;
    private int connectionsMax;
    private int placementWaitMillis;
    private int placementRetryMillis;
    private int relayConnectTimeoutMillis;
    private int relayQueueBytesMax;
    private int relayStallMillis;
    private int relayLingerMillis;
    private int backendFailuresMax;
    private int backendRetryMillis;

    private Builder(FrontendOptions from) {
      connectBytesMax = from.handshake.connectBytesMax;
      connectTimeoutMillis = from.handshake.connectTimeoutMillis;
      handshakesMax = from.handshake.handshakesMax;
      handshakeBytesMax = from.handshake.handshakeBytesMax;
      connectionsMax = from.connectionsMax;
      placementWaitMillis = from.placement.waitMillis;
      placementRetryMillis = from.placement.retryMillis;
      relayConnectTimeoutMillis = from.relay.connectTimeoutMillis;
      relayQueueBytesMax = from.relay.queueBytesMax;
      relayStallMillis = from.relay.stallMillis;
      relayLingerMillis = from.relay.lingerMillis;
      backendFailuresMax = from.backend.failuresMax;
      backendRetryMillis = from.backend.retryMillis;
    }

    public Builder connectBytesMax(int value) {
      connectBytesMax = value;
      return this;
    }

    public Builder connectTimeoutMillis(int value) {
      connectTimeoutMillis = value;
      return this;
    }

    public Builder handshakesMax(int value) {
      handshakesMax = value;
      return this;
    }

    public Builder handshakeBytesMax(long value) {
      handshakeBytesMax = value;
      return this;
    }

    public Builder connectionsMax(int value) {
      connectionsMax = value;
      return this;
    }

    public Builder placementWaitMillis(int value) {
      placementWaitMillis = value;
      return this;
    }

    public Builder placementRetryMillis(int value) {
      placementRetryMillis = value;
      return this;
    }

    public Builder relayConnectTimeoutMillis(int value) {
      relayConnectTimeoutMillis = value;
      return this;
    }

    public Builder relayQueueBytesMax(int value) {
      relayQueueBytesMax = value;
      return this;
    }

    public Builder relayStallMillis(int value) {
      relayStallMillis = value;
      return this;
    }

    public Builder relayLingerMillis(int value) {
      relayLingerMillis = value;
      return this;
    }

    public Builder backendFailuresMax(int value) {
      backendFailuresMax = value;
      return this;
    }

    public Builder backendRetryMillis(int value) {
      backendRetryMillis = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds; names the option
     */
    public FrontendOptions build() {
      return new FrontendOptions(
          connectionsMax,
          new HandshakeOptions(
              connectBytesMax, connectTimeoutMillis, handshakesMax, handshakeBytesMax),
          new PlacementOptions(placementWaitMillis, placementRetryMillis),
          new RelayOptions(
              relayConnectTimeoutMillis, relayQueueBytesMax, relayStallMillis, relayLingerMillis),
          new BackendOptions(backendFailuresMax, backendRetryMillis));
    }
  }
}
