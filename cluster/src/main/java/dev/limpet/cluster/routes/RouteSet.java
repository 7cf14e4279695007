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
  private final Set<RouteKey> routes = new HashSet<>();
  private long sequence;

  /** Of the fingerprints of {@link #routes}. */
  private long sum;

  RouteSet(NodeId node, long sequence, Collection<RouteKey> routes) {
    this.node = node;
    this.sequence = sequence;
    routes.forEach(this::add);
  }

  NodeId node() {
    return node;
  }

  synchronized long sequence() {
    return sequence;
  }

  /** The number of the last change and the sum of the fingerprints. */
  synchronized long[] mark() {
    return new long[] {sequence, sum};
  }

  private void add(RouteKey key) {
    if (routes.add(key)) {
      sum += key.fingerprint();
    }
  }

  private void remove(RouteKey key) {
    if (routes.remove(key)) {
      sum -= key.fingerprint();
    }
  }

  synchronized List<RouteKey> routes() {
    return List.copyOf(routes);
  }

  /** Idempotent: a change that is not newer does nothing. */
  synchronized void apply(RouteDelta delta) {
    if (delta.sequence() > sequence) {
      delta.removed().forEach(this::remove);
      delta.added().forEach(this::add);
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
