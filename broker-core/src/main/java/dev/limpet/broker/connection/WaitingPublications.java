package dev.limpet.broker.connection;

import dev.limpet.broker.metrics.BrokerMetrics;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of publications whose acknowledgements are pending, for all clients of a node
 * together. Above its bound, a client with one pending is not read from: one at a time always
 * proceeds.
 *
 * <p>Thread-safe.
 */
public final class WaitingPublications {
  /** Estimated heap of a publication without its payload, and of its pending acknowledgement. */
  private static final int OBJECT_BYTES = 1_000;

  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param bytesMax above 0
   */
  public WaitingPublications(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Has the bytes counted. */
  void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.publications.waiting.bytes",
        "Bytes of messages from clients that are not acknowledged yet",
        this::bytes);
  }

  /**
   * One begins to wait.
   *
   * @return bytes it holds, for {@link #end}
   */
  public int begin(int payloadBytes) {
    int held = payloadBytes + OBJECT_BYTES;
    bytes.addAndGet(held);
    return held;
  }

  public void end(int held) {
    bytes.addAndGet(-held);
  }

  public boolean isFull() {
    return bytes.get() >= bytesMax;
  }

  /** Bytes they hold together. */
  public long bytes() {
    return bytes.get();
  }
}
