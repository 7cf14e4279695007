package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Which nodes want which topics for the sessions at home there. */
final class SimRoutes {
  /** A node's routes, under a number that rises with each change. */
  private record RouteSet(long sequence, Set<String> topics) {}

  private final SimNode node;
  private final Set<String> own = new TreeSet<>();
  private final Map<NodeId, RouteSet> peers = new LinkedHashMap<>();
  private final Set<NodeId> departed = new HashSet<>();
  private final Set<NodeId> inStep = new HashSet<>();
  private long sequence = 1;

  SimRoutes(SimNode node) {
    this.node = node;
  }

  /** Done when every live peer has them. */
  CompletableFuture<Void> advertise(Set<String> topics) {
    if (own.addAll(topics)) {
      sequence++;
    }
    return tellAll();
  }

  /** Takes back what no session at home here wants. */
  void retain(Set<String> topics) {
    if (own.retainAll(topics)) {
      sequence++;
    }
  }

  void tellDigest() {
    var unused = tellAll();
  }

  private CompletableFuture<Void> tellAll() {
    RouteSet words = new RouteSet(sequence, Set.copyOf(own));
    BitSet indexed = node.home.indexed();
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (NodeId peer : node.members()) {
      if (!peer.equals(node.id)) {
        answers.add(
            node.world
                .network
                .<Boolean>ask(node, peer, to -> to.routes.heard(node.id, words, indexed))
                .exceptionally(gone -> false));
      }
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Boolean> heard(NodeId from, RouteSet words, BitSet indexed) {
    RouteSet known = peers.get(from);
    if (known == null || known.sequence() < words.sequence()) {
      Set<String> topics = new HashSet<>(words.topics());
      if (node.world.planted == Planted.FORGOTTEN_ROUTE && node.world.random.nextInt(3) == 0) {
        topics.removeIf(topic -> node.world.random.nextBoolean());
      }
      peers.put(from, new RouteSet(words.sequence(), topics));
    }
    inStep.add(from);
    node.home.indexedBy(from, indexed);
    return CompletableFuture.completedFuture(true);
  }

  boolean isInStep() {
    return node.members().stream().allMatch(peer -> peer.equals(node.id) || inStep.contains(peer));
  }

  /** Homes of matching sessions, departed ones among them until they have recovered. */
  Set<NodeId> match(String topic) {
    Set<NodeId> homes = new TreeSet<>();
    peers.forEach(
        (peer, routes) -> {
          if (routes.topics().contains(topic)) {
            homes.add(peer);
          }
        });
    return homes;
  }

  Set<String> own() {
    return own;
  }

  Set<String> of(NodeId peer) {
    RouteSet known = peers.get(peer);
    return known == null ? Set.of() : known.topics();
  }

  void left(NodeId peer) {
    departed.add(peer);
    inStep.remove(peer);
  }

  void joined(NodeId peer) {
    if (departed.remove(peer)) {
      peers.remove(peer);
    }
  }

  /** A joiner reads what is written of nodes whose sessions have not recovered. */
  void loadDeparted() {
    for (SimNode member : node.island.members) {
      SimRoutes known = member.routes;
      for (NodeId gone : known.departed) {
        RouteSet routes = known.peers.get(gone);
        if (routes != null && !node.isLive(gone)) {
          departed.add(gone);
          peers.put(gone, routes);
        }
      }
    }
  }

  boolean hasDeparted() {
    return !departed.isEmpty();
  }

  void recovered() {
    departed.forEach(peers::remove);
    departed.clear();
  }
}
