package dev.limpet.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxTally;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tally of the inboxes this member owns: every write tells its difference, where the
 * owner runs it, and whenever partitions have moved all are counted anew. A count that is under way
 * hears of the writes meanwhile, so that its sum is that of its end.
 *
 * <p>Thread-safe.
 */
final class InboxCount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxCount.class);

  /** Where operations on a member find the count of its store. */
  private static final String CONTEXT_KEY = "limpet.inboxes";

  /** Sessions measured in one call: keeps partition threads free for others between. */
  private static final int CHUNK = 1_000;

  private static final long SETTLE_MILLIS = 1_000;

  private final HazelcastInstance hazelcast;
  private final IMap<String, DurableSession> sessions;
  private final InboxTally tally;
  private final StoreThreads threads;
  private final AtomicBoolean counting = new AtomicBoolean();
  private final UUID listener;
  private volatile @Nullable InboxCensus census;
  private volatile boolean closed;

  InboxCount(HazelcastInstance hazelcast, InboxTally tally, StoreThreads threads) {
    this.hazelcast = hazelcast;
    this.sessions = hazelcast.getMap(StoreMaps.SESSIONS);
    this.tally = tally;
    this.threads = threads;
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
    this.listener = hazelcast.getPartitionService().addMigrationListener(new Moves());
    countSoon(); // partitions may have come before anybody listened
  }

  /** The count of the member's store; null while it has none. */
  static @Nullable InboxCount of(HazelcastInstance member) {
    return (InboxCount) member.getUserContext().get(CONTEXT_KEY);
  }

  /** Writes have changed inboxes of one partition; on its thread, when the map holds them. */
  void changed(List<InboxChange> changes) {
    InboxCensus now = census;
    for (InboxChange each : changes) {
      if (now == null) {
        tally.add(each.moreMessages(), each.moreBytes());
      } else {
        now.changed(each);
      }
    }
  }

  /** The answer to {@link MeasureInbox}; on the partition's thread. */
  void measured(String clientId, StoreUsage inbox) {
    InboxCensus now = census;
    if (now != null) {
      now.measured(clientId, inbox);
    }
  }

  /** Soon, and once for all partitions that move together. */
  private void countSoon() {
    if (!closed && counting.compareAndSet(false, true)) {
      threads.after(SETTLE_MILLIS, this::count);
    }
  }

  /** Counts now; blocks. */
  synchronized void count() {
    counting.set(false);
    if (closed) {
      return;
    }
    InboxCensus now = new InboxCensus(tally);
    census = now;
    try {
      Set<String> clientIds = sessions.localKeySet();
      now.begin(clientIds);
      measure(clientIds);
      now.end();
    } catch (RuntimeException e) {
      LOG.debug("The inboxes were not counted; they are when the next partition moves", e);
    } finally {
      census = null;
    }
  }

  private void measure(Set<String> clientIds) {
    MeasureInbox question = new MeasureInbox(hazelcast.getCluster().getLocalMember().getUuid());
    Set<String> chunk = new HashSet<>();
    for (String clientId : clientIds) {
      chunk.add(clientId);
      if (chunk.size() == CHUNK) {
        sessions.executeOnKeys(chunk, question);
        chunk = new HashSet<>();
      }
    }
    if (!chunk.isEmpty()) {
      sessions.executeOnKeys(chunk, question);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (hazelcast.getLifecycleService().isRunning()) {
      hazelcast.getPartitionService().removeMigrationListener(listener);
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
