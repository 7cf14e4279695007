package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds all routes of one node: the authoritative copy in the map. Changed in place by {@link
 * ApplyRoutes}, because copying 100,000 routes for one more would cost milliseconds.
 *
 * <p>Thread-safe: this object's lock guards it, as Hazelcast may serialize it while it changes.
 */
final class RouteSet {

  private final NodeId node;
  private final Set<RouteKey> routes;
  private long sequence;

  RouteSet(NodeId node, long sequence, Collection<RouteKey> routes) {
    this.node = node;
    this.sequence = sequence;
    this.routes = new HashSet<>(routes);
  }

  NodeId node() {
    return node;
  }

  synchronized long sequence() {
    return sequence;
  }

  synchronized List<RouteKey> routes() {
    return List.copyOf(routes);
  }

  /** Idempotent: a change that is not newer does nothing. */
  synchronized void apply(RouteDelta delta) {
    if (delta.sequence() > sequence) {
      delta.removed().forEach(routes::remove);
      routes.addAll(delta.added());
      sequence = delta.sequence();
    }
  }

  synchronized void write(BinaryWriter out) {
    out.string(node.name()).int64(node.incarnation()).varint(sequence);
    RouteKey.write(routes, out);
  }

  static RouteSet read(BinaryReader in) {
    return new RouteSet(new NodeId(in.string(), in.int64()), in.varint(), RouteKey.read(in));
  }
}
