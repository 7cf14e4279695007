package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.topic.TopicTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Keeps the routes of all peers in this node's memory.
 *
 * <p>Thread-safe: this object's lock guards the changes; {@link #match} and {@link #version} take
 * no lock.
 */
final class RouteReplica {

  private final TopicTree<Route> tree = new TopicTree<>();
  private final Map<NodeId, Known> nodes = new HashMap<>();
  private final AtomicLong version = new AtomicLong();

  /** The state known of one node. Guarded by the replica's lock. */
  private static final class Known {
    private final Set<RouteKey> routes = new HashSet<>();
    private long sequence;

    /** Of the fingerprints of {@link #routes}. */
    private long sum;

    private boolean departed;
  }

  void match(TopicName topic, Consumer<? super Route> visitor) {
    tree.match(topic, visitor);
  }

  long version() {
    return version.get();
  }

  int size() {
    return tree.size();
  }

  /** The last change of the node's routes that is in here. */
  synchronized long sequence(NodeId node) {
    Known known = nodes.get(node);
    return known == null ? 0 : known.sequence;
  }

  /**
   * Compares what is known of a node with what it says it has.
   *
   * @return false when the same change left something else here: the truth has to be read
   */
  synchronized boolean agrees(NodeId node, long sequence, long sum) {
    Known known = nodes.get(node);
    if (known == null || known.sequence != sequence || known.departed || known.sum == sum) {
      return true;
    }
    known.sequence = 0;
    return false;
  }

  /**
   * Brings a change in if it follows the last one.
   *
   * @return whether it is in now; else the truth has to be read
   */
  synchronized boolean apply(NodeId node, RouteDelta delta) {
    Known known = nodes.computeIfAbsent(node, id -> new Known());
    if (delta.sequence() <= known.sequence || known.departed) {
      return true;
    }
    if (delta.base() != known.sequence) {
      return false;
    }
    delta.removed().forEach(key -> remove(node, known, key));
    delta.added().forEach(key -> add(node, known, key));
    known.sequence = delta.sequence();
    version.incrementAndGet();
    return true;
  }

  /**
   * Makes the replica equal to the truth, unless it is further already.
   *
   * @param live whether the node lives; of one that died only durable routes count
   */
  synchronized void load(RouteSet truth, boolean live) {
    NodeId node = truth.node();
    Known known = nodes.computeIfAbsent(node, id -> new Known());
    known.departed |= !live;
    if (truth.sequence() <= known.sequence) {
      return;
    }
    Set<RouteKey> wanted = new HashSet<>(truth.routes());
    if (known.departed) {
      wanted.removeIf(key -> key.kind() != RouteKind.DURABLE);
    }
    for (RouteKey key : new ArrayList<>(known.routes)) {
      if (!wanted.contains(key)) {
        remove(node, known, key);
      }
    }
    wanted.forEach(key -> add(node, known, key));
    known.sequence = truth.sequence();
    version.incrementAndGet();
  }

  /** The node died: its live routes go, its durable ones stay until {@link #forget}. */
  synchronized void departed(NodeId node) {
    Known known = nodes.get(node);
    if (known != null) {
      known.departed = true;
      for (RouteKey key : new ArrayList<>(known.routes)) {
        if (key.kind() != RouteKind.DURABLE) {
          remove(node, known, key);
        }
      }
      version.incrementAndGet();
    }
  }

  /** All of the node's routes go. */
  synchronized void forget(NodeId node) {
    Known known = nodes.remove(node);
    if (known != null) {
      new ArrayList<>(known.routes).forEach(key -> remove(node, known, key));
      version.incrementAndGet();
    }
  }

  /** The nodes that died and have not been forgotten. */
  synchronized List<NodeId> departed() {
    List<NodeId> departed = new ArrayList<>();
    nodes.forEach(
        (node, known) -> {
          if (known.departed) {
            departed.add(node);
          }
        });
    return departed;
  }

  private void add(NodeId node, Known known, RouteKey key) {
    if (known.routes.add(key)) {
      known.sum += key.fingerprint();
      tree.add(key.filter().filter(), new Route(node, key.filter(), key.kind(), key.weight()));
    }
  }

  private void remove(NodeId node, Known known, RouteKey key) {
    if (known.routes.remove(key)) {
      known.sum -= key.fingerprint();
      tree.remove(key.filter().filter(), new Route(node, key.filter(), key.kind(), key.weight()));
    }
  }
}
