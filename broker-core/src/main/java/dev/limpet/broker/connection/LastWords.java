package dev.limpet.broker.connection;

import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * Handles the packets a client has sent before its connection ends, whichever side ends it: a
 * DISCONNECT among them decides the fate of its will.
 *
 * <p>When the client closes, its packets may take as long as they need. When a newer connection
 * evicts it, or the node stops, the wait is bounded to about a second ({@link
 * ConnectionOptions.Takeover#lastWordsMillisMax}). Packets sent by then are those in its socket
 * and, where a frontend of the cluster relays, those the frontend holds: it answers this node's FIN
 * with its buffered bytes and its own FIN. Other proxies pass a FIN on to their client, which may
 * never answer, so the broker does not wait for theirs.
 *
 * <p>Confined to its lane.
 */
final class LastWords {
  private final boolean relayed;
  private final int millisMax;
  private @Nullable String left;
  private @Nullable ReasonCode evicted;
  private Lane.@Nullable Timer timeout;

  LastWords(ClientSocket clientSocket, int millisMax) {
    this.relayed = clientSocket.relayed();
    this.millisMax = millisMax;
  }

  /**
   * Nothing more can come from the client.
   *
   * @param how in words; the first ones count
   */
  void inputEnds(String how) {
    if (left == null) {
      left = how;
    }
  }

  /** Another party ends the connection. */
  void evicted(ReasonCode reason, Lane lane, Runnable tooLate) {
    evicted = reason;
    timeout = lane.schedule(tooLate, millisMax);
  }

  boolean isEvicted() {
    return evicted != null;
  }

  /** Whether all has come that can come. */
  boolean areAllIn() {
    return left != null || (evicted != null && !relayed);
  }

  /** Why the connection ends. */
  ReasonCode reason() {
    return evicted == null ? ReasonCode.UNSPECIFIED_ERROR : evicted;
  }

  /** How the client left; null when it did not. */
  @Nullable String left() {
    return left;
  }

  /** The connection has ended. */
  void end() {
    if (timeout != null) {
      timeout.cancel();
    }
  }
}
