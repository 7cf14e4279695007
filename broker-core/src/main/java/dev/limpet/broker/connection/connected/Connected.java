package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.PacketHandler;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.attachment.SessionRelease;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.io.LaneBudget;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.WrongAcknowledgementException;

/**
 * Handles the main stage, while the client is connected: hands each packet to its handler. Confined
 * to its lane.
 */
public final class Connected implements PacketHandler {
  private final MqttConnection connection;
  private final Attachment attachment;
  private final ConnectRequest request;
  private final AccessGate gate;
  private final LaneBudget turn;
  private final Reauthentication reauthentication;
  private final PublishHandler publishes;
  private final SubscribeHandler subscribes;

  public Connected(
      MqttConnection connection,
      ConnectionPorts ports,
      Attachment attachment,
      ConnectRequest request) {
    this.connection = connection;
    this.attachment = attachment;
    this.request = request;
    this.gate = new AccessGate(connection, ports.metrics());
    this.turn = new LaneBudget(connection.lane(), connection::resume);
    this.reauthentication =
        new Reauthentication(
            connection,
            request.credentials().authenticationMethod(),
            attachment.identity().userName());
    this.publishes = new PublishHandler(connection, ports, attachment, request.version(), gate);
    this.subscribes = new SubscribeHandler(connection, ports, attachment, request, gate);
  }

  @Override
  public void handle(Packet packet) {
    turn.packet();
    if (packet instanceof Publish publish) {
      publishes.publish(publish);
    } else if (packet instanceof Acknowledgement acknowledgement) {
      acknowledge(acknowledgement);
    } else if (packet instanceof Subscribe subscribe) {
      subscribes.subscribe(subscribe);
    } else if (packet instanceof Unsubscribe unsubscribe) {
      subscribes.unsubscribe(unsubscribe);
    } else if (packet instanceof Disconnect disconnect) {
      disconnect(disconnect);
    } else if (packet.type() == PacketType.PINGREQ) {
      connection.output().write(Pingresp.INSTANCE); // [MQTT-3.12.4-1]
    } else if (packet instanceof Auth auth) {
      reauthentication.handle(auth);
    } else {
      // A second CONNECT [MQTT-3.1.0-2], a packet only servers send.
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, packet.type() + " is not allowed here");
    }
  }

  private void acknowledge(Acknowledgement packet) {
    try {
      handOn(packet);
    } catch (WrongAcknowledgementException e) {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, e.getMessage()); // [MQTT-4.13.1-1]
    }
  }

  private void handOn(Acknowledgement packet) {
    switch (packet.type()) {
      case PUBACK -> attachment.outbox().puback(packet.packetId(), packet.reason());
      case PUBREC -> attachment.outbox().pubrec(packet.packetId(), packet.reason());
      case PUBCOMP -> attachment.outbox().pubcomp(packet.packetId());
      case PUBREL -> publishes.pubrel(packet.packetId());
      default -> throw new IllegalStateException(packet.type() + " acknowledges nothing");
    }
  }

  private void disconnect(Disconnect packet) {
    SessionRelease sessionRelease = attachment.sessionRelease();
    Long expirySeconds = packet.sessionExpirySeconds();
    if (expirySeconds != null) {
      if (request.session().expirySeconds() == 0 && expirySeconds > 0) {
        throw new PacketException( // [MQTT-3.14.2-2]
            ReasonCode.PROTOCOL_ERROR, "a session that ends with CONNECT's word cannot be kept");
      }
      sessionRelease.expirySeconds(expirySeconds);
    }
    if (packet.reason() != ReasonCode.DISCONNECT_WITH_WILL && !packet.reason().isError()) {
      sessionRelease.discardWill(); // [MQTT-3.14.4-3]
    }
    connection.closeQuietly();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean wantsPause() {
    return turn.isOver() || gate.isShut() || publishes.isFull() || subscribes.isFull();
  }

  @Override
  public boolean holds(int firstByte) {
    return wantsPause() || subscribes.holds(firstByte) || publishes.holds(firstByte);
  }

  @Override
  public void writable() {
    attachment.outbox().drain();
  }

  @Override
  public void farewell(ReasonCode reason, String why) {
    if (request.version().isV5()) {
      connection.output().disconnect(reason, why); // [MQTT-4.13.1-1]
    }
  }

  @Override
  public void ended(ReasonCode reason) {
    subscribes.close();
    attachment.sessionRelease().begin(attachment, reason);
  }
}
