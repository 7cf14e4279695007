package dev.limpet.cluster.recovery;

import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.cluster.member.PartitionTable;
import dev.limpet.cluster.peer.FrameKind;
import io.vertx.core.buffer.Buffer;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the partition table: indexes the sessions of partitions this node gained and tells all
 * peers; learns from theirs when every session of a departed node has a new home that routes for
 * it.
 *
 * <p>A departed node counts as recovered when each partition has been indexed by a node that lives:
 * its durable routes stood for those partitions it was the last to index, and for no others.
 *
 * <p>Confined to the housekeeper, but for {@link #isRecovering}, {@link #reason} and {@link
 * #linked}, which are thread-safe.
 */
public final class PartitionRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionRecovery.class);

  private static final long WATCH_MILLIS = 100;
  private static final long REPEAT_MILLIS = 2_000;
  private static final Buffer NOTHING = Buffer.buffer();

  private final RecoveryParts parts;
  private final PartitionTable partitions;
  private final PartitionHolders holders;
  private final SessionIndexing indexing;
  private final long handOverMillis;
  private final Movement movement;
  private final Set<NodeId> departed = new LinkedHashSet<>();
  private final AtomicBoolean watchSoon = new AtomicBoolean();
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** Owned and indexed by this node. */
  private BitSet indexed = new BitSet();

  private boolean indexingNow;

  /** The data being indexed was read before the partitions changed. */
  private boolean indexingStale;

  private Runnable onGained = () -> {};
  private @Nullable ClusterListener listener;
  private volatile String reason = "The node has not read the partition table yet.";

  /**
   * @param handOverMillis how long this node keeps routing for a partition that another one has
   *     indexed: longer than a peer waits for an answer, because an append sent before the peer
   *     knew the new home may still arrive
   */
  public PartitionRecovery(RecoveryParts parts, long handOverMillis) {
    this.parts = parts;
    this.movement = new Movement(parts.transport(), System::nanoTime, handOverMillis);
    this.partitions = parts.membership().partitions();
    this.holders = new PartitionHolders(parts.membership().self(), partitions.count());
    this.indexing = new SessionIndexing(parts.hazelcast(), partitions);
    this.handOverMillis = handOverMillis;
    parts.transport().handle(FrameKind.INDEXED, this::onIndexed);
  }

  /** Sets the action run on the housekeeper when this node gains partitions. */
  void onGained(Runnable action) {
    onGained = action;
  }

  /**
   * Begins.
   *
   * @return done when the sessions of all partitions owned by then have been indexed
   */
  public CompletionStage<Void> start(ClusterListener clusterListener) {
    Housekeeper housekeeper = parts.housekeeper();
    parts.hazelcast().getPartitionService().addMigrationListener(new Migrations());
    housekeeper.execute(
        () -> {
          listener = clusterListener;
          parts.routes().loadDeparted();
          departed.addAll(parts.routes().departed());
          watch();
        });
    housekeeper.every(WATCH_MILLIS, this::watch);
    housekeeper.every(REPEAT_MILLIS, this::tellAll);
    return started;
  }

  /** A peer admitted this node: tells it which partitions this node routes for. */
  public void linked(NodeId peer) {
    parts.housekeeper().execute(() -> tell(peer, PartitionHolders.encode(indexed)));
  }

  /** Whether homes move. Thread-safe. */
  public Movement movement() {
    return movement;
  }

  /** A node left. */
  public void left(NodeId node) {
    movement.left(node);
    parts
        .housekeeper()
        .execute(
            () -> {
              holders.left(node);
              departed.add(node);
              reason = "The node recovers the sessions of node " + node + ".";
              watch();
            });
  }

  /** A node joined: it may be one that was taken for dead. */
  public void joined(NodeId node) {
    movement.moved();
    parts.housekeeper().execute(() -> departed.remove(node));
  }

  /** A network split has healed: partitions may hold changed data, whichever node owns them. */
  public void merged() {
    parts
        .housekeeper()
        .execute(
            () -> {
              indexed.clear();
              indexingStale = indexingNow;
              watch();
            });
  }

  /** Whether sessions wait for a new home, here or elsewhere. */
  public boolean isRecovering() {
    return !reason.isEmpty();
  }

  /** Describes the recovery in progress as a sentence; empty for none. */
  public String reason() {
    return reason;
  }

  private void watch() {
    watchSoon.set(false);
    ClusterListener broker = listener;
    if (broker == null) {
      return;
    }
    partitions.refresh();
    BitSet owned = partitions.ownedBy(parts.membership().self());
    indexed.and(owned);
    BitSet gained = (BitSet) owned.clone();
    gained.andNot(indexed);
    if (!gained.isEmpty() && !indexingNow) {
      gain(gained, broker);
    }
    if (partitions.isSettled() && gained.isEmpty()) {
      started.complete(null);
    }
    finishRecoveries(broker);
    report(gained.cardinality());
  }

  private void gain(BitSet gained, ClusterListener broker) {
    indexingNow = true;
    onGained.run();
    indexing
        .index(gained, broker)
        .whenComplete(
            (done, failure) ->
                parts
                    .housekeeper()
                    .execute(
                        () -> {
                          boolean stale = indexingStale;
                          indexingNow = false;
                          indexingStale = false;
                          if (failure == null && !stale) {
                            gained(gained);
                          } else if (failure != null) {
                            LOG.info(
                                "Retrying to index the sessions of {}: {}",
                                gained,
                                failure.toString());
                          }
                        }));
  }

  private void gained(BitSet gained) {
    partitions.refresh();
    BitSet still = partitions.ownedBy(parts.membership().self());
    still.and(gained);
    indexed.or(still);
    holders.indexedHere(still);
    tellAll();
    watch();
  }

  private void finishRecoveries(ClusterListener broker) {
    if (departed.isEmpty() || !partitions.isSettled() || holders.vacant() > 0) {
      return;
    }
    for (NodeId node : Set.copyOf(departed)) {
      departed.remove(node);
      LOG.info("The sessions of node {} have recovered at their new homes", node);
      parts.routes().recovered(node);
      broker.onRecovered(node);
    }
  }

  private void report(int unindexed) {
    if (unindexed > 0) {
      String partitionsLeft = unindexed == 1 ? "1 partition." : unindexed + " partitions.";
      reason = "The node indexes the sessions of " + partitionsLeft;
    } else if (!departed.isEmpty()) {
      reason = "The node recovers the sessions of " + words(departed) + ".";
    } else if (!partitions.isSettled()) {
      reason = "Some partitions have no owner.";
    } else {
      reason = "";
    }
  }

  private static String words(Set<NodeId> nodes) {
    return (nodes.size() == 1 ? "node " : "nodes ")
        + nodes.stream().map(NodeId::toString).collect(Collectors.joining(", "));
  }

  private CompletionStage<Buffer> onIndexed(NodeId from, BinaryReader body) {
    BitSet theirs = PartitionHolders.decode(body);
    parts.housekeeper().execute(() -> indexedBy(from, theirs));
    return CompletableFuture.completedStage(NOTHING);
  }

  private void indexedBy(NodeId peer, BitSet theirs) {
    if (!parts.membership().isLive(peer)) {
      return; // Late words of a node that is gone.
    }
    BitSet taken = holders.indexedBy(peer, theirs, indexed);
    if (!taken.isEmpty()) {
      parts.housekeeper().after(handOverMillis, () -> stopRouting(taken));
    }
    watch();
  }

  private void stopRouting(BitSet taken) {
    ClusterListener broker = listener;
    BitSet gone = (BitSet) taken.clone();
    gone.andNot(holders.heldHere());
    if (broker != null && !gone.isEmpty()) {
      broker.onIndexedElsewhere(id -> gone.get(partitions.partitionOf(id.value())));
    }
  }

  /** Repeated now and then, so that words that came in a bad order are corrected. */
  private void tellAll() {
    Buffer words = PartitionHolders.encode(indexed);
    NodeId self = parts.membership().self();
    for (NodeId peer : parts.membership().nodes()) {
      if (!peer.equals(self)) {
        tell(peer, words);
      }
    }
  }

  private void tell(NodeId peer, Buffer words) {
    parts.transport().tell(peer, FrameKind.INDEXED, words);
  }

  /** Looks at the table as soon as a migration is over. Thread-safe. */
  private final class Migrations implements MigrationListener {
    @Override
    public void migrationStarted(MigrationState state) {
      lookSoon();
    }

    @Override
    public void migrationFinished(MigrationState state) {
      lookSoon();
    }

    @Override
    public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
      lookSoon();
    }

    @Override
    public void replicaMigrationFailed(ReplicaMigrationEvent event) {
      lookSoon();
    }

    private void lookSoon() {
      movement.moved();
      if (watchSoon.compareAndSet(false, true)) {
        parts.housekeeper().execute(PartitionRecovery.this::watch);
      }
    }
  }
}
