package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents one control packet of any version: fields a version lacks have their defaults.
 * Immutable.
 */
public sealed interface Packet {

  PacketType type();

  /** Client to server: the first packet. */
  record Connect(ConnectRequest request) implements Packet {
    @Override
    public PacketType type() {
      return PacketType.CONNECT;
    }
  }

  /** Server to client: the answer to {@link Connect}. */
  record Connack(boolean sessionPresent, ReasonCode reason, ConnackProperties properties)
      implements Packet {

    /** A refusal, for the nearest reason CONNACK has a code for. */
    public static Connack refused(ReasonCode reason) {
      return refused(reason, ConnackProperties.NONE);
    }

    /** The same with more to say. */
    public static Connack refused(ReasonCode reason, ConnackProperties properties) {
      return new Connack(false, ReasonSet.CONNACK.nearest(reason), properties);
    }

    @Override
    public PacketType type() {
      return PacketType.CONNACK;
    }
  }

  /**
   * An application message.
   *
   * @param topic null when only the alias names it
   * @param topicAlias 1 to 65,535, or 0 for none
   * @param packetId 1 to 65,535, or 0 at QoS 0
   * @param messageExpirySeconds 0 to 4,294,967,295, or {@link #NO_EXPIRY}
   * @param subscriptionIds server to client only
   */
  record Publish(
      @Nullable TopicName topic,
      int topicAlias,
      Buffer payload,
      PublishFlags flags,
      int packetId,
      long messageExpirySeconds,
      PublicationProperties properties,
      List<Integer> subscriptionIds)
      implements Packet {

    /** The {@code messageExpirySeconds} of messages that do not expire. */
    public static final long NO_EXPIRY = -1;

    public Publish {
      subscriptionIds = List.copyOf(subscriptionIds);
    }

    public Qos qos() {
      return flags.qos();
    }

    public boolean dup() {
      return flags.dup();
    }

    public boolean retain() {
      return flags.retain();
    }

    @Override
    public PacketType type() {
      return PacketType.PUBLISH;
    }
  }

  /**
   * PUBACK, PUBREC, PUBREL or PUBCOMP.
   *
   * @param reason always {@link ReasonCode#SUCCESS} before v5
   */
  record Acknowledgement(
      PacketType type,
      int packetId,
      ReasonCode reason,
      @Nullable String reasonString,
      List<UserProperty> userProperties)
      implements Packet {

    public Acknowledgement {
      userProperties = List.copyOf(userProperties);
    }

    /** Makes one without a reason or properties. */
    public static Acknowledgement of(PacketType type, int packetId, ReasonCode reason) {
      return new Acknowledgement(type, packetId, reason, null, List.of());
    }
  }

  /**
   * Client to server.
   *
   * @param subscriptionId 1 to 268,435,455, or 0 for none
   * @param requests at least one
   */
  record Subscribe(
      int packetId,
      int subscriptionId,
      List<SubscribeRequest> requests,
      List<UserProperty> userProperties)
      implements Packet {

    public Subscribe {
      requests = List.copyOf(requests);
      userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
      return PacketType.SUBSCRIBE;
    }
  }

  /**
   * Server to client: the answer to {@link Subscribe}.
   *
   * @param reasons one for each request, in their order
   */
  record Suback(
      int packetId,
      List<ReasonCode> reasons,
      @Nullable String reasonString,
      List<UserProperty> userProperties)
      implements Packet {

    public Suback {
      reasons = List.copyOf(reasons);
      userProperties = List.copyOf(userProperties);
    }

    /** Makes one without reason string and properties. */
    public static Suback of(int packetId, List<ReasonCode> reasons) {
      return new Suback(packetId, reasons, null, List.of());
    }

    @Override
    public PacketType type() {
      return PacketType.SUBACK;
    }
  }

  /**
   * Client to server.
   *
   * @param filterTexts at least one, as sent, not yet checked
   */
  record Unsubscribe(int packetId, List<String> filterTexts, List<UserProperty> userProperties)
      implements Packet {

    public Unsubscribe {
      filterTexts = List.copyOf(filterTexts);
      userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
      return PacketType.UNSUBSCRIBE;
    }
  }

  /**
   * Server to client: the answer to {@link Unsubscribe}.
   *
   * @param reasons one for each filter, in their order; empty when read from a 3.x server
   */
  record Unsuback(
      int packetId,
      List<ReasonCode> reasons,
      @Nullable String reasonString,
      List<UserProperty> userProperties)
      implements Packet {

    public Unsuback {
      reasons = List.copyOf(reasons);
      userProperties = List.copyOf(userProperties);
    }

    /** Makes one without reason string and properties. */
    public static Unsuback of(int packetId, List<ReasonCode> reasons) {
      return new Unsuback(packetId, reasons, null, List.of());
    }

    @Override
    public PacketType type() {
      return PacketType.UNSUBACK;
    }
  }

  /** Client to server. */
  record Pingreq() implements Packet {
    public static final Pingreq INSTANCE = new Pingreq();

    @Override
    public PacketType type() {
      return PacketType.PINGREQ;
    }
  }

  /** Server to client. */
  record Pingresp() implements Packet {
    public static final Pingresp INSTANCE = new Pingresp();

    @Override
    public PacketType type() {
      return PacketType.PINGRESP;
    }
  }

  /**
   * The last packet; before v5 only clients send it.
   *
   * @param sessionExpirySeconds client to server only; null to leave it as it is
   * @param serverReference server to client only
   */
  record Disconnect(
      ReasonCode reason,
      @Nullable Long sessionExpirySeconds,
      @Nullable String reasonString,
      @Nullable String serverReference,
      List<UserProperty> userProperties)
      implements Packet {

    public Disconnect {
      userProperties = List.copyOf(userProperties);
    }

    /** One that gives only the reason. */
    public static Disconnect of(ReasonCode reason) {
      return new Disconnect(reason, null, null, null, List.of());
    }

    /** A server's, for the nearest reason it has a code for. */
    public static Disconnect byServer(ReasonCode reason) {
      return byServer(reason, null, null);
    }

    /** The same with words, and with the server to go to. */
    public static Disconnect byServer(
        ReasonCode reason, @Nullable String reasonString, @Nullable String serverReference) {
      return new Disconnect(
          ReasonSet.SERVER_DISCONNECT.nearest(reason),
          null,
          reasonString,
          serverReference,
          List.of());
    }

    @Override
    public PacketType type() {
      return PacketType.DISCONNECT;
    }
  }

  /** Enhanced authentication, v5 only. */
  record Auth(
      ReasonCode reason,
      @Nullable String method,
      @Nullable Buffer data,
      @Nullable String reasonString,
      List<UserProperty> userProperties)
      implements Packet {

    /** Success and nothing else, whose body is empty (section 3.15.2.1). */
    static final Auth SUCCESS = new Auth(ReasonCode.SUCCESS, null, null, null, List.of());

    public Auth {
      userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
      return PacketType.AUTH;
    }
  }
}
