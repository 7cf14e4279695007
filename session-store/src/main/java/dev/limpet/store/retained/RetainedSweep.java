package dev.limpet.store.retained;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.store.call.StoreThreads;
import dev.limpet.store.hazelcast.PartitionVisits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes retained publications that have expired, from the partitions this member owns: looks at a
 * tenth of them each second, so nothing stays for much longer than {@value #ROUND_SECONDS} s.
 * Hazelcast's own expiry would judge by each owner's wall clock.
 *
 * <p>Confined to its thread, but for what a visit does: reads one partition, on that one's thread.
 */
final class RetainedSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedSweep.class);
  private static final int ROUND_SECONDS = 10;

  /** What one visit brings at most; the next round finds the others. */
  private static final int FOUND_MAX = 10_000;

  /** The head of a publication up to its expiry is shorter: two texts of at most 64 KiB. */
  private static final int HEAD_BYTES_MAX = 200_000;

  private final IMap<String, Publication> retained;
  private final PartitionService partitions;
  private final Supplier<Member> self;
  private final PartitionVisits visits;
  private final LongSupplier clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(StoreThreads.daemons("limpet-retained-sweep"));
  private int second;

  /**
   * A sweep that has not started.
   *
   * @param clock by which publications expire, in epoch milliseconds
   */
  RetainedSweep(
      HazelcastInstance hazelcast, IMap<String, Publication> retained, LongSupplier clock) {
    this.retained = retained;
    this.partitions = hazelcast.getPartitionService();
    this.self = () -> hazelcast.getCluster().getLocalMember();
    this.visits = new PartitionVisits(retained);
    this.clock = clock;
  }

  void start() {
    var unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      second = (second + 1) % ROUND_SECONDS;
      for (Partition each : partitions.getPartitions()) {
        int partition = each.getPartitionId();
        if (partition % ROUND_SECONDS == second && self.get().equals(each.getOwner())) {
          visits.visit(partition, new Expired(clock.getAsLong()));
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("Expired retained publications stay for another round", e); // the member is away
    }
  }

  private void remove(List<String> topics) {
    try {
      for (String topic : topics) {
        Publication there = retained.get(topic);
        if (there != null && there.isExpired(clock.getAsLong())) {
          retained.remove(topic, there); // unless it was replaced meanwhile
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("Expired retained publications stay for another round", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** Gathers the topics of what has expired in one partition. */
  private final class Expired implements PartitionVisits.Visitor {
    private final long nowMillis;
    private final List<String> topics = new ArrayList<>();

    Expired(long nowMillis) {
      this.nowMillis = nowMillis;
    }

    @Override
    public void entry(Supplier<String> key, @Nullable Object value) {
      if (value != null
          && topics.size() < FOUND_MAX
          && PublicationFormat.expiryOf(PartitionVisits.bytesOf(value, HEAD_BYTES_MAX))
              <= nowMillis) {
        topics.add(key.get());
      }
    }

    @Override
    public void seen(boolean isOwner) {
      if (isOwner && !topics.isEmpty()) {
        try {
          thread.execute(() -> remove(topics));
        } catch (RejectedExecutionException e) {
          LOG.debug("The store is closed", e);
        }
      }
    }

    @Override
    public void failed(RuntimeException failure) {
      LOG.debug("A partition of retained publications was not looked at", failure);
    }
  }
}
