package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Membership;
import java.util.Set;

/** Nodes that never come or go. The first is home of all. Immutable. */
record FixedMembership(NodeId self, Set<NodeId> nodes, NodeId home) implements Membership {

  @Override
  public boolean isLive(NodeId node) {
    return nodes.contains(node);
  }

  @Override
  public boolean isServing() {
    return true;
  }

  @Override
  public boolean areHomesMoving() {
    return false;
  }

  @Override
  public boolean isConfirmed() {
    return true;
  }

  @Override
  public NodeId homeOf(ClientId clientId) {
    return home;
  }
}
