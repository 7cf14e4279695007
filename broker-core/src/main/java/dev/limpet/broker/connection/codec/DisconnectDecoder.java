package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.List;

/** Reads DISCONNECT and AUTH (sections 3.14 and 3.15). Stateless. */
final class DisconnectDecoder {
  private static final long PROPERTIES =
      Property.set(
          Property.SESSION_EXPIRY,
          Property.REASON_STRING,
          Property.USER_PROPERTY,
          Property.SERVER_REFERENCE);
  private static final long AUTH_PROPERTIES =
      Property.set(
          Property.AUTHENTICATION_METHOD,
          Property.AUTHENTICATION_DATA,
          Property.REASON_STRING,
          Property.USER_PROPERTY);

  private DisconnectDecoder() {}

  static Packet.Disconnect disconnect(WireReader in, boolean v5, boolean fromClient) {
    if (!v5 || in.remaining() == 0) {
      return Packet.Disconnect.of(ReasonCode.SUCCESS);
    }
    ReasonSet reasons = fromClient ? ReasonSet.CLIENT_DISCONNECT : ReasonSet.SERVER_DISCONNECT;
    ReasonCode reason = reasons.get(in.u8());
    if (in.remaining() == 0) {
      return Packet.Disconnect.of(reason);
    }
    PropertyReader properties = PropertyReader.read(in, PROPERTIES);
    Property foreign = fromClient ? Property.SERVER_REFERENCE : Property.SESSION_EXPIRY;
    if (properties.has(foreign)) {
      throw PacketException.protocolError(foreign + " from the wrong side"); // [MQTT-3.14.2-2]
    }
    return new Packet.Disconnect(
        reason,
        properties.number(Property.SESSION_EXPIRY),
        properties.text(Property.REASON_STRING),
        properties.text(Property.SERVER_REFERENCE),
        properties.userProperties());
  }

  static Packet.Auth auth(WireReader in, boolean fromClient) {
    ReasonSet reasons = fromClient ? ReasonSet.CLIENT_AUTH : ReasonSet.SERVER_AUTH;
    if (in.remaining() == 0) {
      return new Packet.Auth(reasons.get(0), null, null, null, List.of());
    }
    ReasonCode reason = reasons.get(in.u8());
    PropertyReader properties = PropertyReader.read(in, AUTH_PROPERTIES);
    String method = properties.text(Property.AUTHENTICATION_METHOD);
    if (method == null) {
      throw PacketException.protocolError("AUTH without a method"); // section 3.15.2.2.2
    }
    return new Packet.Auth(
        reason,
        method,
        properties.binary(Property.AUTHENTICATION_DATA),
        properties.text(Property.REASON_STRING),
        properties.userProperties());
  }
}
