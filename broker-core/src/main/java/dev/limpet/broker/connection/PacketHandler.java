package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.mqtt.ReasonCode;

/** Handles a connection's packets: each stage of its life has one handler. Confined to its lane. */
public interface PacketHandler {

  /**
   * @throws dev.limpet.broker.connection.codec.wire.PacketException when this packet may not come
   *     now
   */
  void handle(Packet packet);

  /** Whether the next packet has to wait, of any type. */
  boolean wantsPause();

  /** Whether the packet that begins with this byte has to wait. */
  default boolean holds(int firstByte) {
    return wantsPause();
  }

  /** Whether CONNECT is still to come. */
  default boolean awaitsConnect() {
    return false;
  }

  /** Whether the client is admitted: its packets then count even after it has gone. */
  default boolean isConnected() {
    return false;
  }

  /** The socket can take more. */
  default void writable() {}

  /**
   * Writes the last packet, if this stage has one for the reason.
   *
   * @param why in words
   */
  void farewell(ReasonCode reason, String why);

  /** The connection has ended. Called once. */
  void ended(ReasonCode reason);
}
