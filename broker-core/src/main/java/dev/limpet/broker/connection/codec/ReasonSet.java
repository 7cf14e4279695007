package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/** Lists the reason codes one packet may carry in one direction (MQTT 5.0 table 2-6). Immutable. */
final class ReasonSet {
  /** For PUBACK and PUBREC [MQTT-3.4.2-1], [MQTT-3.5.2-1]. */
  static final ReasonSet PUBLISH_RESULT =
      new ReasonSet(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);

  /** For PUBREL and PUBCOMP [MQTT-3.6.2-1], [MQTT-3.7.2-1]. */
  static final ReasonSet RELEASE_RESULT = new ReasonSet(0x00, 0x92);

  /** For CONNACK [MQTT-3.2.2-8]. */
  static final ReasonSet CONNACK =
      new ReasonSet(
          0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95,
          0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F);

  /** For SUBACK [MQTT-3.9.3-2]. */
  static final ReasonSet SUBACK =
      new ReasonSet(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2);

  /** For UNSUBACK [MQTT-3.11.3-2]. */
  static final ReasonSet UNSUBACK = new ReasonSet(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91);

  /** For DISCONNECT from a client [MQTT-3.14.2-1]. */
  static final ReasonSet CLIENT_DISCONNECT =
      new ReasonSet(
          0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);

  /** For DISCONNECT from a server [MQTT-3.14.2-1]. */
  static final ReasonSet SERVER_DISCONNECT =
      new ReasonSet(
          0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95,
          0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2);

  /** For AUTH from a client [MQTT-3.15.2-1]. */
  static final ReasonSet CLIENT_AUTH = new ReasonSet(0x18, 0x19);

  /** For AUTH from a server [MQTT-3.15.2-1]. */
  static final ReasonSet SERVER_AUTH = new ReasonSet(0x00, 0x18);

  private final @Nullable ReasonCode[] byCode = new @Nullable ReasonCode[256];

  private ReasonSet(int... codes) {
    for (int code : codes) {
      for (ReasonCode reason : ReasonCode.values()) {
        if (reason.code() == code) {
          byCode[code] = reason;
        }
      }
    }
  }

  /** The reason with this number. */
  ReasonCode get(int code) {
    ReasonCode reason = byCode[code];
    if (reason == null) {
      throw PacketException.protocolError("reason code " + code + " does not belong here");
    }
    return reason;
  }

  /** Returns the reason itself, or the closest one in this set. */
  ReasonCode nearest(ReasonCode reason) {
    if (byCode[reason.code()] == reason) {
      return reason;
    }
    return switch (reason) {
      case BAD_USER_NAME_OR_PASSWORD, BANNED, BAD_AUTHENTICATION_METHOD, MAXIMUM_CONNECT_TIME ->
          ReasonCode.NOT_AUTHORIZED;
      case SERVER_UNAVAILABLE, SERVER_SHUTTING_DOWN -> ReasonCode.SERVER_BUSY;
      default -> ReasonCode.UNSPECIFIED_ERROR;
    };
  }
}
