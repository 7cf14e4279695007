package dev.limpet.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxTally;
import java.util.ArrayList;
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
 * owner runs it, and whenever partitions have moved all are counted anew.
 *
 * <p>Thread-safe.
 */
final class InboxCount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxCount.class);

  /** Where operations on a member find the tally of its store. */
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
  private volatile boolean closed;

  InboxCount(HazelcastInstance hazelcast, InboxTally tally, StoreThreads threads) {
    this.hazelcast = hazelcast;
    this.sessions = hazelcast.getMap(StoreMaps.SESSIONS);
    this.tally = tally;
    this.threads = threads;
    hazelcast.getUserContext().put(CONTEXT_KEY, tally);
    this.listener = hazelcast.getPartitionService().addMigrationListener(new Moves());
    countSoon(); // partitions may have come before anybody listened
  }

  /** The tally of the member's store; null while it has none. */
  static @Nullable InboxTally tallyOf(HazelcastInstance member) {
    return (InboxTally) member.getUserContext().get(CONTEXT_KEY);
  }

  /** Soon, and once for all partitions that move together. */
  private void countSoon() {
    if (!closed && counting.compareAndSet(false, true)) {
      threads.after(SETTLE_MILLIS, this::count);
    }
  }

  private void count() {
    counting.set(false);
    if (closed) {
      return;
    }
    try {
      StoreUsage before = tally.usage();
      long messages = 0;
      long bytes = 0;
      for (Set<String> chunk : chunks()) {
        for (byte[] measured : sessions.executeOnKeys(chunk, new MeasureInbox()).values()) {
          StoreUsage inbox = MeasureInbox.usage(measured);
          messages += inbox.messages();
          bytes += inbox.bytes();
        }
      }
      tally.add(messages - before.messages(), bytes - before.bytes());
    } catch (RuntimeException e) {
      LOG.debug("The inboxes were not counted; they are when the next partition moves", e);
    }
  }

  private List<Set<String>> chunks() {
    List<Set<String>> chunks = new ArrayList<>();
    Set<String> chunk = new HashSet<>();
    for (String key : sessions.localKeySet()) {
      chunk.add(key);
      if (chunk.size() == CHUNK) {
        chunks.add(chunk);
        chunk = new HashSet<>();
      }
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
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
