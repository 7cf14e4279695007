package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.NodeId;

/** Port for tests: trouble between this node and its peers. Called on any thread. */
public interface Firewall {

  /** No trouble. */
  Firewall OPEN = new Firewall() {};

  /** Whether this frame gets lost on its way to the peer, which no retry repairs. */
  default boolean drops(NodeId peer, FrameKind kind) {
    return false;
  }

  /** Whether the connection breaks in the middle of what is written now. */
  default boolean cuts(NodeId peer) {
    return false;
  }
}
