package dev.limpet.cluster.routes;

import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.NodeId;
import java.util.List;
import java.util.Map.Entry;

/** Brings a change into a node's {@link RouteSet}, or writes it anew. Idempotent. Immutable. */
final class ApplyRoutes implements EntryProcessor<String, RouteSet, Long> {
  private static final long serialVersionUID = 1L;

  final transient NodeId node;
  final transient RouteDelta delta;

  ApplyRoutes(NodeId node, RouteDelta delta) {
    this.node = node;
    this.delta = delta;
  }

  /**
   * @return the number of the last change the set holds now
   */
  @Override
  public Long process(Entry<String, RouteSet> entry) {
    RouteSet now = entry.getValue();
    if (now != null && now.sequence() >= delta.sequence()) {
      return now.sequence();
    }
    boolean anew = now == null || delta.base() == RouteDelta.REWRITTEN;
    RouteSet set = anew ? new RouteSet(node, 0, List.of()) : now;
    if (now == null && delta.base() != RouteDelta.REWRITTEN && delta.base() != 0) {
      return 0L; // The set got lost: the caller has to write all of it.
    }
    set.apply(delta);
    entry.setValue(set);
    return delta.sequence();
  }
}
