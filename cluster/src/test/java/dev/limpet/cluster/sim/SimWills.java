package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.cluster.directory.Orphan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Publishes wills, and sweeps the claims of dead hosts. */
final class SimWills {
  private static final int SWEEP_MILLIS = 500;

  private final SimNode node;
  private final Set<NodeId> departed = new HashSet<>();

  SimWills(SimNode node) {
    this.node = node;
  }

  void publish(ClientId clientId, Will will) {
    if (!node.isWithMajority()) {
      return; // left to the majority
    }
    node.world.trace("%s publishes will %s", node, will.payload());
    Publication publication =
        new Publication(
            node.path.nextId(),
            clientId,
            will.topic(),
            will.payload(),
            will.qos(),
            false,
            Publication.NEVER,
            will.properties());
    var unused = node.path.route(publication);
  }

  /** Once its delay is over, if it is still there then. */
  void publishLater(Claim claim, long delayMillis) {
    node.post(
        delayMillis,
        () -> {
          if (node.isWithMajority()) {
            take(claim);
          } else {
            publishLater(claim, 1_000);
          }
        });
  }

  private void take(Claim claim) {
    long attempt = node.world.random.nextLong();
    var unused =
        node.store
            .step(claim.clientId(), cell -> cell.takeWill(claim, attempt))
            .thenAccept(will -> will.ifPresent(due -> publish(claim.clientId(), due)));
  }

  void left(NodeId gone) {
    departed.add(gone);
    node.post(SWEEP_MILLIS, this::sweep);
  }

  void joined(NodeId peer) {
    departed.remove(peer);
  }

  /** Adopts the claims of dead hosts in the partitions this node owns. */
  void sweep() {
    if (departed.isEmpty()) {
      return;
    }
    boolean settled = true;
    for (boolean promoted : node.island.promoted) {
      settled &= promoted;
    }
    if (!settled || !node.isWithMajority()) {
      node.post(SWEEP_MILLIS, this::sweep);
      return;
    }
    Set<NodeId> live = Set.copyOf(node.members());
    Set<NodeId> dead = new HashSet<>(departed);
    dead.removeAll(live);
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      if (node.island.owners[p] == node) {
        List.copyOf(node.replica(p).entries.keySet())
            .forEach(id -> adopt(ClientId.of(id), dead, live));
      }
    }
  }

  private void adopt(ClientId id, Set<NodeId> dead, Set<NodeId> live) {
    Claim adopter = new Claim(id, node.id, 0);
    long now = node.world.clock.nowMillis();
    long attempt = node.world.random.nextLong();
    var unused =
        node.store
            .step(id, cell -> cell.adopt(adopter, dead, live, now, attempt))
            .thenAccept(orphan -> orphan.ifPresent(this::adopted));
  }

  void adoptLeftOver(Claim claim) {
    long now = node.world.clock.nowMillis();
    long attempt = node.world.random.nextLong();
    var unused =
        node.store
            .step(claim.clientId(), cell -> cell.adoptLeftOver(node.id, claim, now, attempt))
            .thenAccept(orphan -> orphan.ifPresent(this::adopted));
  }

  private void adopted(Orphan orphan) {
    Claim claim = orphan.claim();
    Will will = orphan.will();
    long now = node.world.clock.nowMillis();
    node.world.trace("%s adopts %s", node, claim);
    var unused =
        node.store
            .write(
                claim.clientId(),
                entry ->
                    entry.write(
                        cell -> {
                          cell.closeOrphan(claim, now);
                          return cell.session() != null;
                        }))
            .thenAccept(waits -> afterOrphan(claim, will, waits));
  }

  private void afterOrphan(
      Claim claim, @org.jspecify.annotations.Nullable Will will, boolean waits) {
    if (will != null && node.world.planted == Planted.DOUBLE_WILL) {
      publish(claim.clientId(), will);
    }
    if (waits) {
      if (will != null) {
        publishLater(claim, will.delaySeconds() * 1_000);
      }
      node.connections.indexAtHome(claim.clientId());
      return;
    }
    take(claim);
    long attempt = node.world.random.nextLong();
    node.post(
        50,
        () -> {
          var unused =
              node.store.step(
                  claim.clientId(),
                  cell ->
                      new dev.limpet.cluster.directory.ClaimCell.Step<>(
                          true, cell.forget(claim, attempt)));
        });
  }
}
