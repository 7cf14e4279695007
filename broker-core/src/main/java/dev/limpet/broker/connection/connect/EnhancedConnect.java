package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.PacketHandler;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.connected.EnhancedExchange;
import dev.limpet.broker.mqtt.ReasonCode;

/**
 * Handles the stage between CONNECT and CONNACK that exchanges AUTH packets [MQTT-4.12.0-1].
 * Confined to its lane.
 */
final class EnhancedConnect implements PacketHandler {
  private final MqttConnection connection;
  private final EnhancedExchange exchange;

  EnhancedConnect(MqttConnection connection, EnhancedExchange exchange) {
    this.connection = connection;
    this.exchange = exchange;
  }

  /** From now on, so long and no longer. */
  void limitTime() {
    connection
        .lane()
        .schedule(
            () -> {
              if (!connection.isClosed() && connection.isAt(this)) {
                connection.close(ReasonCode.MAXIMUM_CONNECT_TIME, "no AUTH in time");
              }
            },
            connection.connectTimeoutMillis());
  }

  @Override
  public void handle(Packet packet) {
    if (packet instanceof Auth auth) {
      exchange.next(auth);
    } else if (packet instanceof Disconnect) {
      connection.closeQuietly();
    } else {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, packet.type() + " before CONNACK");
    }
  }

  @Override
  public boolean wantsPause() {
    return exchange.isThinking();
  }

  @Override
  public void farewell(ReasonCode reason, String why) {
    connection.output().refuse(reason, why); // [MQTT-4.12.0-4]
  }

  @Override
  public void ended(ReasonCode reason) {}
}
