package dev.limpet.cluster.cli.heap;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Checks each second how much heap the last full collection left in use. A heap that stays full
 * after two collections is unusable, even if no thread gets an error: collectors may free a little
 * each time, and some code swallows the error.
 *
 * <p>Thread-safe: {@link #hasCollectedLately} may be asked by any thread, and allocates nothing;
 * the rest belongs to its own thread.
 */
final class HeapWatch {

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Matches the names of the beans of all HotSpot collectors of the whole heap. */
  private static final Pattern WHOLE_HEAP =
      Pattern.compile(".*(Old Generation|MarkSweep|Cycles).*");

  private final HeapEnd end;
  private final GarbageCollectorMXBean[] collectors;
  private final List<MemoryPoolMXBean> pools;
  private final FullHeap full = new FullHeap();
  private volatile long collections;
  private volatile long collectedNanos = System.nanoTime() - LATELY_NANOS;

  HeapWatch(HeapEnd end) {
    this.end = end;
    this.collectors =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(bean -> WHOLE_HEAP.matcher(bean.getName()).matches())
            .toArray(GarbageCollectorMXBean[]::new);
    this.pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    this.collections = countCollections();
  }

  /** Looks from now on, until the process ends. */
  void start() {
    Thread thread = new Thread(this::run, "limpet-heap");
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    thread.start();
  }

  private void run() {
    boolean ended = false;
    while (!ended) {
      LockSupport.parkNanos(PERIOD_NANOS);
      ended = end.isEnding();
      try {
        look();
      } catch (OutOfMemoryError e) {
        end.now();
      }
    }
    LockSupport.parkNanos(PERIOD_NANOS);
    end.withoutWords();
  }

  private void look() {
    long now = countCollections();
    long since = now - collections;
    if (since > 0) {
      collections = now;
      collectedNanos = System.nanoTime();
    }
    long held = since > 0 ? heldBytes() : 0;
    if (full.look(since, held, Runtime.getRuntime().maxMemory())) {
      end.now();
    }
  }

  private long heldBytes() {
    long held = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage left = pool.getCollectionUsage();
      held += left == null ? 0 : left.getUsed();
    }
    return held;
  }

  private long countCollections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      count += collector.getCollectionCount();
    }
    return count;
  }

  /**
   * Whether a full collection has ended in the last 30 s. The JVM throws no OutOfMemoryError of its
   * heap without one before: an error where none was has come from another node, in an answer that
   * says how its work failed there.
   */
  boolean hasCollectedLately() {
    return collectors.length == 0
        || countCollections() != collections
        || System.nanoTime() - collectedNanos < LATELY_NANOS;
  }
}
