package dev.limpet.store.count;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxTally;
import dev.limpet.store.call.MapNames;
import dev.limpet.store.call.StoreThreads;
import dev.limpet.store.hazelcast.PartitionVisits;
import dev.limpet.store.partition.InboxChange;
import dev.limpet.store.partition.InboxChanges;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tally of the sessions this member has, its own and its copies of others: each write
 * reports its difference where it runs, and partitions that move are recounted. Both happen on the
 * partition's thread, so that nothing comes between. Deliveries count at home only, bytes
 * everywhere.
 *
 * <p>Thread-safe; the numbers of a partition are written on its thread.
 */
public final class InboxCount implements InboxChanges, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxCount.class);

  private static final long SETTLE_MILLIS = 1_000;

  private final HazelcastInstance hazelcast;
  private final PartitionVisits visits;
  private final InboxTally tally;
  private final StoreThreads threads;
  private final AtomicLongArray messages;
  private final AtomicLongArray bytes;
  private final AtomicBoolean counting = new AtomicBoolean();
  private final UUID listener;
  private volatile boolean closed;

  public InboxCount(HazelcastInstance hazelcast, InboxTally tally, StoreThreads threads) {
    this.hazelcast = hazelcast;
    this.visits = new PartitionVisits(hazelcast.<String, DurableSession>getMap(MapNames.SESSIONS));
    this.tally = tally;
    this.threads = threads;
    int partitions = visits.partitions();
    this.messages = new AtomicLongArray(partitions);
    this.bytes = new AtomicLongArray(partitions);
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
    this.listener = hazelcast.getPartitionService().addMigrationListener(new Moves());
    countSoon(); // partitions may have arrived before this listened
  }

  @Override
  public void changed(int partition, List<InboxChange> changes) {
    add(partition, changes, true);
  }

  @Override
  public void copied(int partition, List<InboxChange> changes) {
    add(partition, changes, false);
  }

  private void add(int partition, List<InboxChange> changes, boolean atHome) {
    long moreMessages = 0;
    long moreBytes = 0;
    for (InboxChange each : changes) {
      moreMessages += atHome ? each.moreMessages() : 0;
      moreBytes += each.moreBytes();
    }
    set(partition, messages.get(partition) + moreMessages, bytes.get(partition) + moreBytes);
  }

  private void set(int partition, long newMessages, long newBytes) {
    tally.add(newMessages - messages.get(partition), newBytes - bytes.get(partition));
    messages.set(partition, newMessages);
    bytes.set(partition, newBytes);
  }

  /** Soon, and once for all partitions that move together. */
  private void countSoon() {
    if (!closed && counting.compareAndSet(false, true)) {
      threads.after(SETTLE_MILLIS, this::count);
    }
  }

  /** Has each partition counted on its thread. */
  private void count() {
    counting.set(false);
    for (int partition = 0; partition < messages.length() && !closed; partition++) {
      visits.visit(partition, new Count(partition));
    }
  }

  @Override
  public void close() {
    closed = true;
    if (hazelcast.getLifecycleService().isRunning()) {
      hazelcast.getPartitionService().removeMigrationListener(listener);
    }
  }

  /** Counts one partition. Confined to its thread. */
  private final class Count implements PartitionVisits.Visitor {
    private final int partition;
    private long foundMessages;
    private long foundBytes;

    Count(int partition) {
      this.partition = partition;
    }

    @Override
    public void entry(Supplier<String> key, @Nullable Object value) {
      if (value instanceof DurableSession session) {
        foundMessages += session.inboxMessages();
        foundBytes += session.heapBytes();
      }
    }

    @Override
    public void seen(boolean isOwner) {
      set(partition, isOwner ? foundMessages : 0, foundBytes);
    }

    @Override
    public void failed(RuntimeException failure) {
      LOG.debug("Partition {} was not counted; the next move counts it", partition, failure);
    }
  }

  private final class Moves implements MigrationListener {
    @Override
    public void migrationStarted(MigrationState state) {}

    @Override
    public void migrationFinished(MigrationState state) {
      countSoon();
    }

    @Override
    public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
      countSoon(); // also when a backup was promoted
    }

    @Override
    public void replicaMigrationFailed(ReplicaMigrationEvent event) {}
  }
}
