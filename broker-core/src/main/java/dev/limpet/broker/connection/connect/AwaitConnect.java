package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.PacketHandler;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;

/** Handles the first stage: accepts only CONNECT [MQTT-3.1.0-1]. Confined to its lane. */
final class AwaitConnect implements PacketHandler {
  private final MqttConnection connection;
  private final ConnectionPorts ports;

  AwaitConnect(MqttConnection connection, ConnectionPorts ports) {
    this.connection = connection;
    this.ports = ports;
  }

  @Override
  public void handle(Packet packet) {
    if (!(packet instanceof Connect connect)) {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, "the first packet is not CONNECT");
    }
    connection.lane().traffic().connectReceived();
    connection.caller().claims(connect.request());
    connection.output().negotiated(connect.request(), ports.wallMillis());
    ConnectFlow flow = new ConnectFlow(connection, ports, connect.request());
    connection.become(flow);
    flow.begin();
  }

  @Override
  public boolean awaitsConnect() {
    return true;
  }

  @Override
  public boolean wantsPause() {
    return false;
  }

  @Override
  public void farewell(ReasonCode reason, String why) {
    // Only a CONNECT that can be read far enough gets an answer; other bytes do not [MQTT-3.1.4-1].
    ProtocolVersion version = connection.version();
    boolean told =
        reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION
            || reason == ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
    if (version != null && (told || version.isV5())) {
      connection.output().speak(version);
      connection.output().refuse(reason, why);
    }
  }

  @Override
  public void ended(ReasonCode reason) {}
}
