package dev.limpet.broker.connection.codec.wire;

import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * Reports bytes that are not a valid MQTT packet. The broker closes their connection, with {@link
 * #reason()} where the version has a packet for it [MQTT-4.13.1-1]. Has no stack trace: floods of
 * malformed packets are cheap to refuse.
 */
public final class PacketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ReasonCode reason;
  private final @Nullable Limit limit;

  public PacketException(ReasonCode reason, String message) {
    this(reason, null, message);
  }

  /**
   * @param limit the bound of this node that was broken, to be counted; null when the packet breaks
   *     a rule of MQTT
   */
  public PacketException(ReasonCode reason, @Nullable Limit limit, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.limit = limit;
  }

  /** The reason code for CONNACK or DISCONNECT. */
  public ReasonCode reason() {
    return reason;
  }

  /** The bound of this node that was broken; null when there is none. */
  public @Nullable Limit limit() {
    return limit;
  }

  public static PacketException malformed(String message) {
    return new PacketException(ReasonCode.MALFORMED_PACKET, message);
  }

  public static PacketException protocolError(String message) {
    return new PacketException(ReasonCode.PROTOCOL_ERROR, message);
  }
}
