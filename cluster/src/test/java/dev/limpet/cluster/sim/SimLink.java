package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/** A client's connection to a node, with packets in order both ways. */
final class SimLink {
  private static final int MILLIS = 2;

  final SimClient client;
  final SimNode node;
  final @Nullable Will will;
  @Nullable SimConnection server;
  boolean isOpen = true;
  private long claimedEpoch;

  SimLink(SimClient client, SimNode node, @Nullable Will will) {
    this.client = client;
    this.node = node;
    this.will = will;
  }

  /** To the client, while both ends hold the link. */
  void toClient(Runnable packet) {
    node.world.clock.after(
        MILLIS,
        () -> {
          if (isOpen && client.link == this) {
            packet.run();
          }
        });
  }

  /** Its claim has been made: by a node that is cut off, or again, it may leave its will twice. */
  void claimed(long epoch) {
    boolean again = claimedEpoch != 0 && claimedEpoch != epoch;
    if (will != null && (again || !node.isConfirmed())) {
      node.world.invariants.claimInDoubt(will.payload().toString());
    }
    claimedEpoch = epoch;
  }

  /** Its claim is being released: by a node that is cut off, it may leave its will twice. */
  void released() {
    if (will != null && !node.isConfirmed()) {
      node.world.invariants.claimInDoubt(will.payload().toString());
    }
  }

  interface Packet {
    void at(SimConnection server);
  }

  void toServer(Packet packet) {
    node.post(
        MILLIS,
        () -> {
          if (server != null) {
            packet.at(server);
          }
        });
  }

  /** The server's end closes; what it has written before arrives. */
  void close() {
    node.world.clock.after(MILLIS, this::closed);
  }

  private void closed() {
    if (isOpen) {
      isOpen = false;
      client.closed(this);
    }
  }

  /** The client's end closes. */
  void drop() {
    isOpen = false;
    toServer(SimConnection::clientGone);
  }
}
