package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ReasonCode;

/**
 * Bytes that are no packet MQTT allows. The connection they came from is closed, with {@link
 * #reason()} where the version has a packet for it [MQTT-4.13.1-1]. Has no stack trace: floods of
 * malformed packets are cheap to refuse.
 */
public final class PacketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ReasonCode reason;

  public PacketException(ReasonCode reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What to answer in CONNACK or DISCONNECT. */
  public ReasonCode reason() {
    return reason;
  }

  static PacketException malformed(String message) {
    return new PacketException(ReasonCode.MALFORMED_PACKET, message);
  }

  static PacketException protocolError(String message) {
    return new PacketException(ReasonCode.PROTOCOL_ERROR, message);
  }
}
