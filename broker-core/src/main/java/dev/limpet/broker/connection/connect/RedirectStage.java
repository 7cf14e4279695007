package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.PacketHandler;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;

/**
 * Handles connections that arrive while the node stops: answers CONNECT with the server to use.
 * Confined to its lane.
 */
final class RedirectStage implements PacketHandler {
  private final MqttConnection connection;

  RedirectStage(MqttConnection connection) {
    this.connection = connection;
  }

  @Override
  public void handle(Packet packet) {
    if (!(packet instanceof Connect connect)) {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, "the first packet is not CONNECT");
    }
    connection.output().negotiated(connect.request(), () -> 0);
    connection.output().refuse(ReasonCode.USE_ANOTHER_SERVER, "the node stops");
    connection.closeQuietly();
  }

  @Override
  public boolean awaitsConnect() {
    return true;
  }

  @Override
  public boolean wantsPause() {
    return false;
  }

  /** Only a CONNECT gets an answer. */
  @Override
  public void farewell(ReasonCode reason, String why) {}

  @Override
  public void ended(ReasonCode reason) {}
}
