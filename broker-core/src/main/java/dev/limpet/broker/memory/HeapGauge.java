package dev.limpet.broker.memory;

import dev.limpet.broker.memory.LastCollection.Sample;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Measures the heap of this process: usage after the last garbage collection, plus or minus the
 * change of the queues since. So a flood shows before the next collection, and so does its end.
 *
 * <p>Confined to the thread that asks.
 */
public final class HeapGauge implements MemoryGauge {

  /**
   * Without allocations there are no collections, and objects that survived an old one may be
   * garbage by now: then only certain usage counts, until the next collection.
   */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private Sample collection = LastCollection.sample();
  private long queuedThenBytes;

  @Override
  public long heldBytes(long queuedBytes) {
    Sample last = LastCollection.sample();
    if (last.atNanos() != collection.atNanos()) {
      collection = last;
      queuedThenBytes = queuedBytes;
    }
    if (System.nanoTime() - last.atNanos() > FRESH_NANOS) {
      return queuedBytes;
    }
    long held = last.usedBytes() + queuedBytes - queuedThenBytes;
    return Math.max(0, Math.min(held, memory.getHeapMemoryUsage().getUsed()));
  }
}
