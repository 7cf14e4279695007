package dev.limpet.lb;

/**
 * Settings of one sticky listener. Immutable.
 *
 * @param connectBytesMax bytes a client may send before its id is complete; default 65,536: room
 *     for user properties and a token in front of the id; will and password stand behind it and do
 *     not count
 * @param connectTimeoutMillis time from accept until the client id must be complete, however the
 *     bytes drip; default 10,000: slow mobile links need a few seconds
 * @param handshakesMax connections that are not yet served at once; for one more, the oldest of its
 *     event loop that has not told its client id is closed, or itself when there is none; default
 *     16,384: more than one reconnect storm leaves undecided on a small machine
 * @param handshakeBytesMax bytes that all undecided handshakes hold together; who exceeds it is
 *     closed; default 67,108,864 (64 MiB): the ceiling of memory that unknown clients can take
 * @param connectionsMax connections through this listener at once; the newest above it is closed;
 *     default 200,000: a usual limit of open files, shared with relays
 * @param placementWaitMillis how long a client waits for its home to become known; default 5,000:
 *     the time in which a frozen node is noticed
 * @param placementRetryMillis pause between two questions to {@link Placement}; default 50: short
 *     against a reconnect
 * @param relayConnectTimeoutMillis time for the TCP connection to the home; default 2,000: homes
 *     are in the same network
 * @param relayQueueBytesMax bytes queued per direction of a relay before its source is no longer
 *     read, and the kernel's receive buffer of both sockets; default 262,144: fills a 100 Mbit/s
 *     link at 20 ms
 * @param relayStallMillis how long one side of a relay may take nothing while its queue is full;
 *     then the relay is closed; default 60,000: no client that lives is so slow
 * @param relayLingerMillis time for the last bytes of a relay to leave when one side has closed;
 *     default 5,000: as long as a slow client needs for a full queue
 * @param backendFailuresMax connect failures in a row after which a node is skipped; default 3: one
 *     may be chance
 * @param backendRetryMillis how long a failing node is skipped before one connection tries it
 *     again; default 1,000: the membership will have noticed by then
 */
public record FrontendOptions(
    int connectBytesMax,
    int connectTimeoutMillis,
    int handshakesMax,
    long handshakeBytesMax,
    int connectionsMax,
    int placementWaitMillis,
    int placementRetryMillis,
    int relayConnectTimeoutMillis,
    int relayQueueBytesMax,
    int relayStallMillis,
    int relayLingerMillis,
    int backendFailuresMax,
    int backendRetryMillis) {

  private static final int RELAY_QUEUE_BYTES_MIN = 1024;
  private static final int CONNECT_BYTES_MIN = 64;

  /**
   * @throws IllegalArgumentException if a value is out of its bounds; names the option
   */
  public FrontendOptions {
    check(connectBytesMax >= CONNECT_BYTES_MIN, "connectBytesMax", "must be at least 64");
    check(handshakeBytesMax >= connectBytesMax, "handshakeBytesMax", "is below connectBytesMax");
    check(relayQueueBytesMax >= RELAY_QUEUE_BYTES_MIN, "relayQueueBytesMax", "is below 1024");
    positive(connectTimeoutMillis, "connectTimeoutMillis");
    positive(handshakesMax, "handshakesMax");
    positive(connectionsMax, "connectionsMax");
    positive(placementWaitMillis, "placementWaitMillis");
    positive(placementRetryMillis, "placementRetryMillis");
    positive(relayConnectTimeoutMillis, "relayConnectTimeoutMillis");
    positive(relayStallMillis, "relayStallMillis");
    positive(relayLingerMillis, "relayLingerMillis");
    positive(backendFailuresMax, "backendFailuresMax");
    positive(backendRetryMillis, "backendRetryMillis");
  }

  /** All defaults. */
  public static FrontendOptions defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static FrontendOptionsBuilder builder() {
    return new FrontendOptionsBuilder();
  }

  private static void positive(int value, String name) {
    check(value > 0, name, "must be positive");
  }

  private static void check(boolean valid, String name, String problem) {
    if (!valid) {
      throw new IllegalArgumentException(name + " " + problem);
    }
  }
}
