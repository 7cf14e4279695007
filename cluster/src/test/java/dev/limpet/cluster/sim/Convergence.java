package dev.limpet.cluster.sim;

import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Looks whether all nodes agree with each other, with their stores and with their clients. */
final class Convergence {
  private final SimulatedCluster world;
  private final List<SimNode> nodes;

  Convergence(SimulatedCluster world) {
    this.world = world;
    this.nodes = world.nodes();
  }

  void check() {
    Island island = nodes.get(0).island;
    if (!nodes.stream().allMatch(node -> node.alive && node.island == island)
        || !island.isWhole()) {
      violated("G12", "the nodes are not one whole cluster: %s", nodes);
      return;
    }
    nodes.stream()
        .filter(node -> !node.isServing() || !node.isConfirmed())
        .forEach(node -> violated("G12", "%s does not serve", node));
    routes();
    copies(island);
    connections(island);
  }

  private void violated(String promise, String what, Object... values) {
    world.invariants.violated(promise, what, values);
  }

  private void routes() {
    for (SimNode node : nodes) {
      for (SimNode peer : nodes) {
        if (node != peer && !node.routes.of(peer.id).equals(peer.routes.own())) {
          violated(
              "G3",
              "%s knows %s of %s, which wants %s",
              node,
              node.routes.of(peer.id),
              peer,
              peer.routes.own());
        }
      }
    }
  }

  private void copies(Island island) {
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      SimNode owner = Objects.requireNonNull(island.owners[p]);
      SimNode backup = island.backups[p];
      if (backup == null) {
        continue;
      }
      Map<String, Replica.Entry> copy = backup.replica(p).entries;
      owner
          .replica(p)
          .entries
          .forEach(
              (id, entry) -> {
                Replica.Entry other = copy.get(id);
                Object own = entry.session == null ? null : entry.session.state();
                Object its = other == null || other.session == null ? null : other.session.state();
                if (!Objects.equals(own, its)) {
                  violated("G2", "the copies of %s differ: %s, %s", id, own, its);
                }
              });
    }
  }

  private void connections(Island island) {
    Map<String, SimConnection> live = new HashMap<>();
    for (SimNode node : nodes) {
      for (SimConnection each : node.connections.attached()) {
        SimConnection other = live.put(each.clientId().value(), each);
        if (other != null) {
          violated("G1", "%s and %s are both connected", other.claim(), each.claim());
        }
        if (!each.claim().equals(claim(island, each.clientId().value(), true))) {
          violated("G1", "%s is connected without its claim", each.claim());
        }
      }
    }
    for (SimNode owner : nodes) {
      for (int p = 0; p < SimPartitions.COUNT; p++) {
        if (island.owners[p] == owner) {
          owner.replica(p).entries.keySet().forEach(id -> checkClaim(island, id, live));
        }
      }
    }
    for (SimClient client : world.clients()) {
      if (client.isDurable && !client.isConnected()) {
        violated("G10", "%s is not connected", client.device);
      }
    }
  }

  private void checkClaim(Island island, String id, Map<String, SimConnection> live) {
    Claim claim = claim(island, id, true);
    if (claim != null && !live.containsKey(id)) {
      violated("G1", "%s has no connection", claim);
    }
  }

  private static @org.jspecify.annotations.Nullable Claim claim(
      Island island, String id, boolean connected) {
    int p = SimPartitions.of(id);
    SimNode owner = Objects.requireNonNull(island.owners[p]);
    ClaimView view = owner.replica(p).of(id).claim.view(dev.limpet.broker.mqtt.ClientId.of(id));
    return view == null || view.connected() != connected ? null : view.claim();
  }
}
