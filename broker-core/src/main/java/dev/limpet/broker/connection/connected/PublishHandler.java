package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.Permissions;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.delivery.InboxReader;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.routing.Numbered;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.session.AcknowledgementKind;
import dev.limpet.broker.session.ReceiveWindow;
import dev.limpet.broker.session.ReceiveWindow.Arrival;
import dev.limpet.broker.session.ReplyQueue;
import dev.limpet.broker.session.ReplyQueue.Reply;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.NodeFullException;
import dev.limpet.broker.topic.TopicName;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a client's publications: at QoS 1 and 2 it delays the acknowledgement until every
 * subscribed inbox holds them.
 *
 * <p>Confined to its lane.
 */
final class PublishHandler {
  /**
   * A 3.x client that keeps sending meanwhile stops by itself at its bound of messages in flight.
   */
  private static final int NO_ROOM_PAUSE_MILLIS = 1_000;

  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final Attachment attachment;
  private final ProtocolVersion version;
  private final TopicAliases aliases;
  private final ReplyQueue replies;
  private final ReceiveWindow received;
  private final ReceiveJournal journal;
  private final int receiveMaximum;
  private final Permissions permissions;
  private final AccessGate gate;

  /** Publications of all clients together wait for too much, this one's among them. */
  private boolean waitsForNode;

  /** A change of subscriptions waits for publications before it. */
  private boolean changeWaits;

  PublishHandler(
      MqttConnection connection,
      ConnectionPorts ports,
      Attachment attachment,
      ProtocolVersion version,
      AccessGate gate) {
    this.connection = connection;
    this.ports = ports;
    this.attachment = attachment;
    this.version = version;
    this.aliases = new TopicAliases(version.isV5() ? ports.options().topicAliasMaximum() : 0);
    this.replies = new ReplyQueue(connection.output());
    this.received = attachment.session().receiveWindow();
    this.journal = new ReceiveJournal(ports.router(), ports.sessions(), attachment, connection);
    this.receiveMaximum = ports.options().session().receiveMaximum();
    this.permissions = new Permissions(connection.caller().authorizer(), attachment.identity());
    this.gate = gate;
  }

  /** Whether the client has reached its bound in flight: its next packet waits in the socket. */
  boolean isFull() {
    if (replies.size() > 0 && ports.admission().waiting().isFull()) {
      waitsForNode = true;
    }
    return waitsForNode || replies.size() >= receiveMaximum;
  }

  /**
   * Whether a packet waits for the acknowledgements of publications before it: packets that begin
   * or end a subscription do, as earlier publications must match the subscriptions of their time.
   */
  boolean holds(int firstByte) {
    if (replies.size() == 0) {
      return false;
    }
    PacketType type = PacketType.of(firstByte);
    boolean held = type == PacketType.SUBSCRIBE || type == PacketType.UNSUBSCRIBE;
    changeWaits |= held;
    return held;
  }

  void publish(Publish packet) {
    connection.lane().traffic().publicationReceived(packet.payload().length());
    TopicName topic = aliases.resolve(packet);
    CompletableFuture<Decision> answer = permissions.publish(topic);
    if (answer.isDone()) {
      decided(packet, topic, answer);
    } else {
      gate.waitFor(answer, () -> decided(packet, topic, answer));
    }
  }

  private void decided(Publish packet, TopicName topic, CompletableFuture<Decision> answer) {
    if (!Permissions.isAllowed(answer)) {
      refuse(packet);
      connection.caller().tell(EventKind.TOPIC_REFUSED, "PUBLISH to '" + topic + "'");
      return;
    }
    switch (packet.qos()) {
      case AT_MOST_ONCE -> {
        var unused = ports.router().route(connection.lane(), publication(packet, topic, nextId()));
      }
      case AT_LEAST_ONCE -> publishAtLeastOnce(packet, topic);
      case EXACTLY_ONCE -> publishExactlyOnce(packet, topic);
    }
  }

  private void publishAtLeastOnce(Publish packet, TopicName topic) {
    Routed routed = ports.router().route(connection.lane(), publication(packet, topic, nextId()));
    if (routed.isSafe()) {
      replies.replyNow(AcknowledgementKind.PUBACK, packet.packetId(), success(routed));
      return;
    }
    Reply reply = replies.reserve(AcknowledgementKind.PUBACK, packet.packetId());
    whenSafe(routed.safe(), reply, success(routed), packet);
  }

  private void publishExactlyOnce(Publish packet, TopicName topic) {
    int packetId = packet.packetId();
    Arrival arrival = received.arrival(packetId);
    if (arrival == Arrival.DUPLICATE) {
      replies.replyNow(AcknowledgementKind.PUBREC, packetId, ReasonCode.SUCCESS); // [MQTT-4.3.3-10]
      return;
    }
    if (arrival == Arrival.NEW && version.isV5() && received.size() >= receiveMaximum) {
      throw new PacketException( // [MQTT-3.3.4-7]
          ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          Limit.RECEIVE_MAXIMUM,
          "more than " + receiveMaximum + " under way");
    }
    Reply reply = replies.reserve(AcknowledgementKind.PUBREC, packetId);
    if (arrival == Arrival.RESUMED) {
      PublicationId id = received.resume(packetId).orElseThrow();
      journal.again(
          publication(packet, topic, id),
          safe -> whenSafe(safe, reply, ReasonCode.SUCCESS, packet));
      return;
    }
    Numbered number = ports.router().number();
    received.receive(packetId, number.id());
    journal.receive(
        packetId,
        publication(packet, topic, number.id()),
        number,
        routed -> whenSafe(routed.safe(), reply, success(routed), packet));
  }

  /** The client has released a packet id: forgets it, durably, before PUBCOMP [MQTT-4.3.3-11]. */
  void pubrel(int packetId) {
    boolean known = received.release(packetId);
    ReasonCode reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
    if (!known) {
      replies.requireNoPuback(packetId);
    }
    InboxReader reader = attachment.reader();
    if (!known || reader == null) {
      replies.replyNow(AcknowledgementKind.PUBCOMP, packetId, reason);
      return;
    }
    Reply reply = replies.reserve(AcknowledgementKind.PUBCOMP, packetId);
    reader.receivedDone(packetId, () -> complete(reply, reason));
  }

  private void whenSafe(
      CompletableFuture<Void> safe, Reply reply, ReasonCode reason, Publish packet) {
    int held = ports.admission().waiting().begin(packet.payload().length());
    var unused =
        safe.whenComplete(
            (nothing, failure) -> {
              ports.admission().waiting().end(held);
              connection.lane().run(() -> safe(reply, reason, failure));
            });
  }

  private void safe(Reply reply, ReasonCode reason, @Nullable Throwable failure) {
    if (connection.isClosed()) {
      return;
    }
    if (failure == null) {
      complete(reply, reason);
      return;
    }
    if (isFull(failure)) {
      noRoom(reply);
      return;
    }
    // The promise cannot be kept. Without an acknowledgement the client publishes again.
    connection.caller().because(failure.toString());
    connection.close(ReasonCode.SERVER_BUSY, "a publication could not be made safe");
  }

  private static boolean isFull(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof NodeFullException;
  }

  /**
   * A home has no room for it. A 5.0 client gets an error, and may resend later; a 3.x client can
   * only be kept waiting for its acknowledgement, and is closed in the end. Other homes may already
   * have it.
   */
  private void noRoom(Reply reply) {
    ports.metrics().refused(Limit.MEMORY_CEILING);
    connection.caller().tell(EventKind.LIMIT_REACHED, "a publication found no room");
    if (!version.isV5()) {
      connection
          .lane()
          .schedule(
              () -> connection.close(ReasonCode.SERVER_BUSY, "no room for a publication"),
              NO_ROOM_PAUSE_MILLIS);
      return;
    }
    int packetId = reply.packetId();
    if (reply.kind() == AcknowledgementKind.PUBREC) {
      forget(packetId);
    }
    complete(reply, ReasonCode.QUOTA_EXCEEDED);
  }

  /** An error in PUBREC ends the exchange: the packet id is free again [MQTT-4.3.3-9]. */
  private void forget(int packetId) {
    received.release(packetId);
    InboxReader reader = attachment.reader();
    if (reader != null) {
      reader.receivedDone(packetId, () -> {});
    }
  }

  private void complete(Reply reply, ReasonCode reason) {
    boolean wasFull = waitsForNode || replies.size() >= receiveMaximum;
    waitsForNode = false;
    replies.complete(reply, reason);
    boolean changeGoesOn = changeWaits && replies.size() == 0;
    changeWaits &= !changeGoesOn;
    if (changeGoesOn || (wasFull && !isFull())) {
      connection.resume();
    }
  }

  /** A 3.x client cannot get an error; closing is the only other answer, and does not help. */
  private void refuse(Publish packet) {
    ReasonCode reason = version.isV5() ? ReasonCode.NOT_AUTHORIZED : ReasonCode.SUCCESS;
    if (packet.qos() == Qos.AT_LEAST_ONCE) {
      replies.replyNow(AcknowledgementKind.PUBACK, packet.packetId(), reason);
    } else if (packet.qos() == Qos.EXACTLY_ONCE) {
      replies.replyNow(AcknowledgementKind.PUBREC, packet.packetId(), reason);
    }
  }

  private static ReasonCode success(Routed routed) {
    return routed.matched() ? ReasonCode.SUCCESS : ReasonCode.NO_MATCHING_SUBSCRIBERS;
  }

  private PublicationId nextId() {
    return ports.ids().next();
  }

  private Publication publication(Publish packet, TopicName topic, PublicationId id) {
    long expiresAtMillis =
        packet.messageExpirySeconds() == Publish.NO_EXPIRY
            ? Publication.NEVER
            : ports.wallMillis().getAsLong() + packet.messageExpirySeconds() * 1_000;
    return new Publication(
        id,
        attachment.clientId(),
        topic,
        packet.payload(),
        packet.qos(),
        packet.retain(),
        expiresAtMillis,
        packet.properties());
  }
}
