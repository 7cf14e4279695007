package dev.limpet.broker.connection;

import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * What a client has sent before its connection ends is handled first, whoever ends it: a DISCONNECT
 * among it decides about its will.
 *
 * <p>A client that ends it by itself has as long as its packets have to wait. When a newer
 * connection evicts it, or the node stops, somebody waits for the end, for a second or so ({@link
 * ConnectionOptions.Takeover#lastWordsMillisMax}). What the client has sent then is what its socket
 * holds; and, where a frontend of the cluster relays, what that one holds, too: it answers the FIN
 * of this node with what it has and its own FIN. Other proxies pass a FIN on to their client, which
 * may never answer, so nobody waits for theirs.
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

  /** Somebody else ends the connection. */
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
