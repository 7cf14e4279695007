package dev.limpet.broker.memory;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Reports the heap in use after the last garbage collection of this process. One for the process,
 * as the heap is. Thread-safe: one volatile value.
 *
 * <p>A threshold on the collection usage of the old generation would be the obvious way, but G1
 * brings that figure up to date in mixed and full collections only.
 */
final class LastCollection {

  /**
   * @param usedBytes of the heap after it
   * @param atNanos of {@link System#nanoTime}
   */
  record Sample(long usedBytes, long atNanos) {}

  private static final Set<String> HEAP_POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());

  private static volatile Sample last = new Sample(0, System.nanoTime());

  static {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener((note, handback) -> heard(note), null, null);
      }
    }
  }

  private LastCollection() {}

  /** The last one; before the first, an empty heap. */
  static Sample sample() {
    return last;
  }

  private static void heard(Notification note) {
    if (!GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(note.getType())) {
      return;
    }
    GcInfo collection =
        GarbageCollectionNotificationInfo.from((CompositeData) note.getUserData()).getGcInfo();
    long usedBytes =
        collection.getMemoryUsageAfterGc().entrySet().stream()
            .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
            .mapToLong(pool -> pool.getValue().getUsed())
            .sum();
    last = new Sample(usedBytes, System.nanoTime());
  }
}
