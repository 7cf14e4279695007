package dev.limpet.broker.memory;

import dev.limpet.broker.memory.LastCollection.Sample;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/**
 * The heap of this process: what the last garbage collection left, and what the queues have grown
 * or shrunk by since. So a flood shows before the next collection, and its end too.
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
