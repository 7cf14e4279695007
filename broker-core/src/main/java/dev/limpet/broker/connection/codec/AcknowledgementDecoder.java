package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ReasonCode;

/** Reads PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7). Stateless. */
final class AcknowledgementDecoder {
  private static final long PROPERTIES =
      Property.set(Property.REASON_STRING, Property.USER_PROPERTY);

  private AcknowledgementDecoder() {}

  static Packet.Acknowledgement decode(PacketType type, WireReader in, boolean v5) {
    int packetId = in.packetId();
    if (!v5 || in.remaining() == 0) {
      return Packet.Acknowledgement.of(type, packetId, ReasonCode.SUCCESS);
    }
    boolean answersPublish = type == PacketType.PUBACK || type == PacketType.PUBREC;
    ReasonSet reasons = answersPublish ? ReasonSet.PUBLISH_RESULT : ReasonSet.RELEASE_RESULT;
    ReasonCode reason = reasons.get(in.u8());
    if (in.remaining() == 0) {
      return Packet.Acknowledgement.of(type, packetId, reason);
    }
    PropertyReader properties = PropertyReader.read(in, PROPERTIES);
    return new Packet.Acknowledgement(
        type,
        packetId,
        reason,
        properties.text(Property.REASON_STRING),
        properties.userProperties());
  }
}
