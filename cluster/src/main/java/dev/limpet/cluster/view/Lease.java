package dev.limpet.cluster.view;

import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers until when peers have confirmed that this node belongs to the cluster: a majority of
 * the view has to have answered what was asked at most that long ago. No majority removes this node
 * before its lease is over.
 *
 * <p>Confined to its keeper's thread. Times are those of {@link System#nanoTime}.
 */
final class Lease {
  private final NodeId self;
  private final long lastsNanos;
  private final Map<NodeId, Long> heardNanos = new HashMap<>();

  /**
   * @param lastsNanos below the time after which others take a silent node for gone
   */
  Lease(NodeId self, long lastsNanos) {
    this.self = self;
    this.lastsNanos = lastsNanos;
  }

  /** A peer has answered, or has just joined. */
  void heard(NodeId peer, long askedNanos) {
    heardNanos.merge(peer, askedNanos, (one, other) -> one - other > 0 ? one : other);
  }

  /** Forgets all but these. */
  void retain(List<NodeId> nodes) {
    heardNanos.keySet().retainAll(nodes);
  }

  /** When the lease ends, or has ended. */
  long endNanos(View view, Set<NodeId> dead, long nowNanos) {
    List<NodeId> here = new ArrayList<>(List.of(self));
    if (view.isMajority(here, dead)) {
      return nowNanos + lastsNanos;
    }
    List<Map.Entry<NodeId, Long>> latestFirst = new ArrayList<>(heardNanos.entrySet());
    latestFirst.sort(Comparator.comparingLong(heard -> nowNanos - heard.getValue()));
    for (Map.Entry<NodeId, Long> heard : latestFirst) {
      here.add(heard.getKey());
      if (view.isMajority(here, dead)) {
        return heard.getValue() + lastsNanos;
      }
    }
    return nowNanos;
  }
}
