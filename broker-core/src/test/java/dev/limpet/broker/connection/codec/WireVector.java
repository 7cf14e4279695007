package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import io.netty.buffer.ByteBuf;

/** A packet beside its bytes: both the decoder and the encoder have to agree with it. */
record WireVector(
    String name, ProtocolVersion version, boolean fromClient, String hex, Packet packet) {

  static WireVector client(String name, ProtocolVersion version, String hex, Packet packet) {
    return new WireVector(name, version, true, hex.replace(" ", ""), packet);
  }

  static WireVector server(String name, ProtocolVersion version, String hex, Packet packet) {
    return new WireVector(name, version, false, hex.replace(" ", ""), packet);
  }

  ByteBuf bytes() {
    return Hex.buf(hex);
  }

  /** A decoder in the state in which this packet is legal. */
  PacketDecoder decoder() {
    if (!fromClient) {
      return PacketDecoder.forClient(version, ConnectRequest.PACKET_BYTES_MAX);
    }
    return packet instanceof Packet.Connect
        ? new PacketDecoder(ConnectRequest.PACKET_BYTES_MAX)
        : Hex.connected(version, ConnectRequest.PACKET_BYTES_MAX);
  }

  @Override
  public String toString() {
    return version + " " + name;
  }
}
