package dev.limpet.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.IPartitionService;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxTally;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tally of the sessions this member has, its own and its copies of others: each write
 * tells its difference where it runs, and whenever partitions have moved each is counted anew. Both
 * happen on the partition's thread, so that nothing comes between. Deliveries count at home only,
 * bytes everywhere.
 *
 * <p>Thread-safe; the numbers of a partition are written on its thread. Rests on internals of the
 * pinned Hazelcast for the copies, which no public call shows.
 */
final class InboxCount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxCount.class);

  /** Where operations on a member find the count of its store. */
  private static final String CONTEXT_KEY = "limpet.inboxes";

  private static final long SETTLE_MILLIS = 1_000;

  private final HazelcastInstance hazelcast;
  private final NodeEngine engine;
  private final InboxTally tally;
  private final StoreThreads threads;
  private final AtomicLongArray messages;
  private final AtomicLongArray bytes;
  private final AtomicBoolean counting = new AtomicBoolean();
  private final UUID listener;
  private volatile boolean closed;

  InboxCount(HazelcastInstance hazelcast, InboxTally tally, StoreThreads threads) {
    this.hazelcast = hazelcast;
    this.engine =
        ((AbstractDistributedObject<?>)
                hazelcast.<String, DurableSession>getMap(StoreMaps.SESSIONS))
            .getNodeEngine();
    this.tally = tally;
    this.threads = threads;
    int partitions = engine.getPartitionService().getPartitionCount();
    this.messages = new AtomicLongArray(partitions);
    this.bytes = new AtomicLongArray(partitions);
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
    this.listener = hazelcast.getPartitionService().addMigrationListener(new Moves());
    countSoon(); // partitions may have come before anybody listened
  }

  /** The count of the member's store; null while it has none. */
  static @Nullable InboxCount of(HazelcastInstance member) {
    return (InboxCount) member.getUserContext().get(CONTEXT_KEY);
  }

  /** Writes have changed inboxes of a partition that this member owns; on its thread. */
  void changed(int partition, List<InboxChange> changes) {
    add(partition, changes, true);
  }

  /** The same for one of which it keeps a copy. */
  void copied(int partition, List<InboxChange> changes) {
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
      engine.getOperationService().execute(new Count(partition));
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
  private final class Count implements PartitionSpecificRunnable {
    private final int partition;
    private long foundMessages;
    private long foundBytes;

    Count(int partition) {
      this.partition = partition;
    }

    @Override
    public int getPartitionId() {
      return partition;
    }

    @Override
    public void run() {
      try {
        MapService maps = engine.getService(MapService.SERVICE_NAME);
        RecordStore<?> store =
            maps.getMapServiceContext()
                .getPartitionContainer(partition)
                .getExistingRecordStore(StoreMaps.SESSIONS);
        IPartitionService partitions = engine.getPartitionService();
        boolean atHome = partitions.isPartitionOwner(partition);
        if (store != null) {
          store.forEach((key, record) -> found(record.getValue()), !atHome);
        }
        set(partition, atHome ? foundMessages : 0, foundBytes);
      } catch (RuntimeException e) {
        LOG.debug("Partition {} was not counted; it is when the next one moves", partition, e);
      }
    }

    private void found(@Nullable Object value) {
      if (value instanceof DurableSession session) {
        foundMessages += session.inboxMessages();
        foundBytes += session.heapBytes();
      }
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
