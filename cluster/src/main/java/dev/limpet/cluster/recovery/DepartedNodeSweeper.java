package dev.limpet.cluster.recovery;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.cluster.directory.OrphanClaims;
import dev.limpet.cluster.member.HazelcastMembership;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases the claims of dead hosts in the partitions this node owns and gives each to the broker:
 * after a departure and when partitions are gained. What it missed the audit finds. Confined to the
 * housekeeper, but for {@link #left} and {@link #joined}, which are thread-safe.
 */
public final class DepartedNodeSweeper {

  private static final Logger LOG = LoggerFactory.getLogger(DepartedNodeSweeper.class);

  private static final long RETRY_MILLIS = 500;
  private static final int CHUNK = 500;
  private static final int REMEMBERED_MAX = 128;

  /** Longer than it takes for a node that joined to be known everywhere. */
  private static final long SETTLED_AGE_MILLIS = 60_000;

  private final HazelcastMembership membership;
  private final OrphanClaims claims;
  private final Housekeeper housekeeper;
  private final Set<NodeId> departed = new LinkedHashSet<>();
  private boolean sweeping;
  private boolean again;
  private @Nullable ClusterListener listener;

  public DepartedNodeSweeper(RecoveryParts parts, OrphanClaims claims, PartitionRecovery recovery) {
    this.membership = parts.membership();
    this.housekeeper = parts.housekeeper();
    this.claims = claims;
    recovery.onGained(
        () -> {
          if (!departed.isEmpty()) {
            sweep();
          }
        });
  }

  /** Begins; orphans are given to the listener on any thread. */
  public void start(ClusterListener clusterListener) {
    housekeeper.execute(() -> listener = clusterListener);
  }

  /** A node left. */
  public void left(NodeId node) {
    housekeeper.execute(
        () -> {
          departed.add(node);
          if (departed.size() > REMEMBERED_MAX) {
            departed.remove(departed.iterator().next());
          }
          sweep();
        });
  }

  /** A node joined: it may be one that was taken for dead. */
  public void joined(NodeId node) {
    housekeeper.execute(() -> departed.remove(node));
  }

  private void sweep() {
    ClusterListener broker = listener;
    if (broker == null) {
      return;
    }
    if (sweeping) {
      again = true;
      return;
    }
    membership.partitions().refresh();
    // Cut off, this node would take the living for dead.
    if (!membership.partitions().isSettled() || !membership.isServing()) {
      housekeeper.after(RETRY_MILLIS, this::sweep);
      return;
    }
    sweeping = true;
    List<String> clientIds = new ArrayList<>(claims.localClientIds());
    Set<NodeId> live = membership.nodes();
    Set<NodeId> dead = new HashSet<>(departed);
    dead.removeAll(live);
    sweepFrom(new Sweep(clientIds, Set.copyOf(dead), live, broker), 0)
        .whenComplete((done, failure) -> housekeeper.execute(() -> swept(failure)));
  }

  private record Sweep(
      List<String> clientIds, Set<NodeId> dead, Set<NodeId> live, ClusterListener broker) {}

  private CompletionStage<Void> sweepFrom(Sweep sweep, int from) {
    if (from >= sweep.clientIds.size()) {
      return CompletableFuture.completedStage(null);
    }
    int to = Math.min(from + CHUNK, sweep.clientIds.size());
    Set<String> chunk = new HashSet<>(sweep.clientIds.subList(from, to));
    return claims
        .adopt(
            chunk,
            sweep.dead,
            sweep.live,
            SETTLED_AGE_MILLIS,
            orphan -> sweep.broker.onOrphan(orphan.claim(), orphan.will()))
        .thenCompose(done -> sweepFrom(sweep, to));
  }

  private void swept(@Nullable Throwable failure) {
    sweeping = false;
    if (failure != null) {
      LOG.info("Retrying to sweep the claims of dead nodes: {}", failure.toString());
      housekeeper.after(RETRY_MILLIS, this::sweep);
    } else if (again) {
      again = false;
      housekeeper.after(RETRY_MILLIS, this::sweep);
    }
  }
}
