package dev.limpet.store.retained;

import com.hazelcast.map.IMap;
import com.hazelcast.map.LocalMapStats;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.store.StoreUsage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the size of the map of retained publications in the whole cluster: counts again when asked
 * if the last count is a second old, and when this node has used up its share of the room that
 * count found. The bytes are estimated from the part that lies on this node, since topics are
 * spread evenly.
 *
 * <p>Thread-safe; never blocks the caller.
 */
final class RetainedUsage {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedUsage.class);
  private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  /**
   * @param usage usage of the map
   * @param writtenBefore writes of this node that are in it for certain
   */
  private record Count(StoreUsage usage, long writtenBefore, long atNanos) {}

  private final IMap<?, ?> map;
  private final long topicsMax;
  private final IntSupplier nodes;
  private final Executor executor;
  private final LongSupplier nanos;
  private final AtomicBoolean counting = new AtomicBoolean();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private volatile int waitingCount;
  private volatile Count last;

  /**
   * @param topicsMax that the map is to hold
   * @param nodes how many write to it
   * @param executor may block, and may refuse
   * @param nanos a clock that only goes forward
   */
  RetainedUsage(
      IMap<?, ?> map, long topicsMax, IntSupplier nodes, Executor executor, LongSupplier nanos) {
    this.map = map;
    this.topicsMax = topicsMax;
    this.nodes = nodes;
    this.executor = executor;
    this.nanos = nanos;
    long old = nanos.getAsLong() - AGE_NANOS_MAX;
    this.last = new Count(StoreUsage.NONE, -topicsMax - 1, old); // no room until the first count
  }

  /** The last count, and perhaps the begin of the next. */
  StoreUsage get() {
    Count now = last;
    if (nanos.getAsLong() - now.atNanos >= AGE_NANOS_MAX) {
      begin();
    }
    return now.usage;
  }

  /**
   * Takes room for one more topic out of this node's share, to be followed by {@link #written}. The
   * shares of all nodes add up to the room left, or are one each when less is left.
   *
   * @param waited whether the caller has waited for a count, so that its turn has come
   * @return false when there is none before the next count
   */
  boolean reserve(boolean waited) {
    if (!waited && waitingCount > 0) {
      return false; // in the order they came
    }
    Count now = last;
    long left = topicsMax - now.usage.messages();
    long part = left <= 0 ? 0 : Math.max(1, left / Math.max(1, nodes.getAsInt()));
    if (begun.incrementAndGet() - now.writtenBefore <= part) {
      return true;
    }
    begun.decrementAndGet();
    return false;
  }

  /** Notes that the write for which room was taken is done or has failed. */
  void written() {
    written.incrementAndGet();
  }

  /**
   * Done when the map has been recounted, failed when it cannot be; callers proceed in the order
   * they came.
   */
  CompletionStage<Void> countedAnew() {
    CompletableFuture<Void> counted = new CompletableFuture<>();
    synchronized (waiting) {
      waiting.add(counted);
      waitingCount = waiting.size();
    }
    begin();
    return counted;
  }

  private void begin() {
    if (counting.compareAndSet(false, true)) {
      try {
        executor.execute(this::count);
      } catch (RejectedExecutionException e) {
        counting.set(false);
        release(all(), new ClusterUnavailableException("the store is closed", e));
      }
    }
  }

  private List<CompletableFuture<Void>> all() {
    synchronized (waiting) {
      return new ArrayList<>(waiting);
    }
  }

  private void release(List<CompletableFuture<Void>> counted, @Nullable RuntimeException failure) {
    for (CompletableFuture<Void> each : counted) {
      synchronized (waiting) {
        waiting.remove(each);
        waitingCount = waiting.size();
      }
      if (failure == null) {
        each.complete(null);
      } else {
        each.completeExceptionally(failure);
      }
    }
  }

  private void count() {
    List<CompletableFuture<Void>> asked = all();
    @Nullable RuntimeException failed = null;
    long writtenBefore = written.get();
    try {
      long topics = map.size();
      LocalMapStats here = map.getLocalMapStats();
      long topicsHere = here.getOwnedEntryCount() + here.getBackupEntryCount();
      long bytesHere = here.getOwnedEntryMemoryCost() + here.getBackupEntryMemoryCost();
      long bytesEach = topicsHere == 0 ? 0 : bytesHere / topicsHere;
      StoreUsage usage = new StoreUsage(topics, topics * bytesEach);
      last = new Count(usage, writtenBefore, nanos.getAsLong());
    } catch (RuntimeException e) {
      failed = e;
      LOG.debug("Retained publications were not counted", e); // the cluster is away for now
      last = new Count(last.usage, last.writtenBefore, nanos.getAsLong());
    }
    counting.set(false);
    release(asked, failed);
    if (waitingCount > 0) {
      begin();
    }
  }
}
