package dev.limpet.store;

import com.hazelcast.map.IMap;
import com.hazelcast.map.LocalMapStats;
import dev.limpet.broker.spi.StoreUsage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the map of retained publications holds in the whole cluster: counted again when somebody
 * asks and the last count is a second old. The bytes are estimated from the part that lies on this
 * node, since topics are spread evenly.
 *
 * <p>Thread-safe; never blocks whoever asks.
 */
final class RetainedUsage {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedUsage.class);
  private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final IMap<?, ?> map;
  private final Executor executor;
  private final LongSupplier nanos;
  private final AtomicBoolean counting = new AtomicBoolean();
  private volatile StoreUsage last = StoreUsage.NONE;
  private volatile long countedAtNanos;

  /**
   * @param executor may block, and may refuse
   * @param nanos a clock that only goes forward
   */
  RetainedUsage(IMap<?, ?> map, Executor executor, LongSupplier nanos) {
    this.map = map;
    this.executor = executor;
    this.nanos = nanos;
    this.countedAtNanos = nanos.getAsLong() - AGE_NANOS_MAX;
  }

  /** The last count, and perhaps the begin of the next. */
  StoreUsage get() {
    boolean old = nanos.getAsLong() - countedAtNanos >= AGE_NANOS_MAX;
    if (old && counting.compareAndSet(false, true)) {
      try {
        executor.execute(this::count);
      } catch (RejectedExecutionException e) {
        counting.set(false); // as busy as it is, the next one who asks may try again
      }
    }
    return last;
  }

  private void count() {
    try {
      long topics = map.size();
      LocalMapStats here = map.getLocalMapStats();
      long topicsHere = here.getOwnedEntryCount() + here.getBackupEntryCount();
      long bytesHere = here.getOwnedEntryMemoryCost() + here.getBackupEntryMemoryCost();
      long bytesEach = topicsHere == 0 ? 0 : bytesHere / topicsHere;
      last = new StoreUsage(topics, topics * bytesEach);
    } catch (RuntimeException e) {
      LOG.debug("Retained publications were not counted", e); // the cluster is away for now
    } finally {
      countedAtNanos = nanos.getAsLong();
      counting.set(false);
    }
  }
}
