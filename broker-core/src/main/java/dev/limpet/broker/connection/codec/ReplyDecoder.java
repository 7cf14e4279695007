package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the packets only servers send: CONNACK, SUBACK, UNSUBACK (sections 3.2, 3.9, 3.11).
 * Stateless.
 */
final class ReplyDecoder {
  private static final long CONNACK_PROPERTIES =
      Property.set(
          Property.SESSION_EXPIRY,
          Property.RECEIVE_MAXIMUM,
          Property.MAXIMUM_QOS,
          Property.RETAIN_AVAILABLE,
          Property.MAXIMUM_PACKET_SIZE,
          Property.ASSIGNED_CLIENT_ID,
          Property.TOPIC_ALIAS_MAXIMUM,
          Property.REASON_STRING,
          Property.USER_PROPERTY,
          Property.WILDCARD_AVAILABLE,
          Property.SUBSCRIPTION_ID_AVAILABLE,
          Property.SHARED_AVAILABLE,
          Property.SERVER_KEEP_ALIVE,
          Property.RESPONSE_INFORMATION,
          Property.SERVER_REFERENCE,
          Property.AUTHENTICATION_METHOD,
          Property.AUTHENTICATION_DATA);
  private static final long PROPERTIES =
      Property.set(Property.REASON_STRING, Property.USER_PROPERTY);
  private static final ReasonCode[] RETURN_CODES = {
    ReasonCode.SUCCESS,
    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
    ReasonCode.SERVER_UNAVAILABLE,
    ReasonCode.BAD_USER_NAME_OR_PASSWORD,
    ReasonCode.NOT_AUTHORIZED
  };

  private ReplyDecoder() {}

  static Packet.Connack connack(WireReader in, boolean v5) {
    int flags = in.u8();
    if (flags > 1) {
      throw PacketException.malformed("CONNACK with reserved flags set"); // [MQTT-3.2.2-1]
    }
    int code = in.u8();
    if (!v5 && code >= RETURN_CODES.length) {
      throw PacketException.malformed("CONNACK with reserved return code " + code);
    }
    ReasonCode reason = v5 ? ReasonSet.CONNACK.get(code) : RETURN_CODES[code];
    ConnackProperties properties =
        v5 ? properties(PropertyReader.read(in, CONNACK_PROPERTIES)) : ConnackProperties.NONE;
    return new Packet.Connack(flags == 1, reason, properties);
  }

  static Packet.Suback suback(WireReader in, boolean v5) {
    int packetId = in.packetId();
    PropertyReader properties = v5 ? PropertyReader.read(in, PROPERTIES) : PropertyReader.NONE;
    List<ReasonCode> reasons = reasons(in, ReasonSet.SUBACK);
    return new Packet.Suback(
        packetId, reasons, properties.text(Property.REASON_STRING), properties.userProperties());
  }

  static Packet.Unsuback unsuback(WireReader in, boolean v5) {
    int packetId = in.packetId();
    if (!v5) {
      return Packet.Unsuback.of(packetId, List.of());
    }
    PropertyReader properties = PropertyReader.read(in, PROPERTIES);
    List<ReasonCode> reasons = reasons(in, ReasonSet.UNSUBACK);
    return new Packet.Unsuback(
        packetId, reasons, properties.text(Property.REASON_STRING), properties.userProperties());
  }

  private static List<ReasonCode> reasons(WireReader in, ReasonSet allowed) {
    if (in.remaining() == 0) {
      throw PacketException.protocolError("an answer without reason codes");
    }
    List<ReasonCode> reasons = new ArrayList<>(in.remaining());
    while (in.remaining() > 0) {
      reasons.add(allowed.get(in.u8()));
    }
    return reasons;
  }

  private static ConnackProperties properties(PropertyReader in) {
    Long keepAlive = in.number(Property.SERVER_KEEP_ALIVE);
    long most = ConnectRequest.PACKET_BYTES_MAX;
    return ConnackProperties.builder()
        .sessionExpirySeconds(in.number(Property.SESSION_EXPIRY))
        .receiveMaximum(in.smallNumber(Property.RECEIVE_MAXIMUM, 65_535))
        .maximumQos(Qos.of(in.smallNumber(Property.MAXIMUM_QOS, 2)))
        .maximumPacketBytes((int) Math.min(most, in.number(Property.MAXIMUM_PACKET_SIZE, most)))
        .assignedClientId(in.text(Property.ASSIGNED_CLIENT_ID))
        .topicAliasMaximum(in.smallNumber(Property.TOPIC_ALIAS_MAXIMUM, 0))
        .available(available(in))
        .reasonString(in.text(Property.REASON_STRING))
        .serverKeepAliveSeconds(keepAlive == null ? null : keepAlive.intValue())
        .responseInformation(in.text(Property.RESPONSE_INFORMATION))
        .serverReference(in.text(Property.SERVER_REFERENCE))
        .authentication(
            in.text(Property.AUTHENTICATION_METHOD), in.binary(Property.AUTHENTICATION_DATA))
        .userProperties(in.userProperties())
        .build();
  }

  private static ConnackProperties.Available available(PropertyReader in) {
    return new ConnackProperties.Available(
        in.flag(Property.RETAIN_AVAILABLE, true),
        in.flag(Property.WILDCARD_AVAILABLE, true),
        in.flag(Property.SUBSCRIPTION_ID_AVAILABLE, true),
        in.flag(Property.SHARED_AVAILABLE, true));
  }
}
