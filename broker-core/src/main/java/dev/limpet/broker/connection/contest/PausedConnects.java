package dev.limpet.broker.connection.contest;

import dev.limpet.broker.metrics.BrokerMetrics;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the CONNECTs of one node that wait because their client id is contested: at most {@value
 * #COUNT_MAX}, which hold at most {@value #BYTES_MAX} bytes. Thread-safe: atomic counters.
 */
public final class PausedConnects {
  static final int COUNT_MAX = 10_000;
  static final long BYTES_MAX = 32L << 20;

  private final ContestedIds ids;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong all = new AtomicLong();

  public PausedConnects(ContestedIds ids) {
    this.ids = ids;
  }

  /** Has the pauses counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.connects.paused",
        "CONNECTs delayed now because clients contend for one id",
        this::count);
    metrics.counter(
        "limpet.connects.pauses", "CONNECTs delayed because clients contend for one id", this::all);
  }

  /** Which ids are contested. */
  public ContestedIds ids() {
    return ids;
  }

  /**
   * Admits one of this size in bytes, to be followed by {@link #leave}; false if there is no room.
   */
  public boolean enter(int held) {
    boolean fits = count.incrementAndGet() <= COUNT_MAX;
    fits &= bytes.addAndGet(held) <= BYTES_MAX;
    if (!fits) {
      leave(held);
      return false;
    }
    all.incrementAndGet();
    return true;
  }

  /** One waits no longer. */
  public void leave(int held) {
    count.decrementAndGet();
    bytes.addAndGet(-held);
  }

  /** How many wait now. */
  public int count() {
    return count.get();
  }

  /** How many have waited since the start. */
  public long all() {
    return all.get();
  }
}
