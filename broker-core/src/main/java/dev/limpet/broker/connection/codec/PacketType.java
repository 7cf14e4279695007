package dev.limpet.broker.connection.codec;

import org.jspecify.annotations.Nullable;

/** Lists the packet types (MQTT 5.0 table 2-1) and the first byte each may have (table 2-2). */
public enum PacketType {
  CONNECT(1, 0, Sender.CLIENT),
  CONNACK(2, 0, Sender.SERVER),
  PUBLISH(3, 0, Sender.BOTH),
  PUBACK(4, 0, Sender.BOTH),
  PUBREC(5, 0, Sender.BOTH),
  PUBREL(6, 2, Sender.BOTH),
  PUBCOMP(7, 0, Sender.BOTH),
  SUBSCRIBE(8, 2, Sender.CLIENT),
  SUBACK(9, 0, Sender.SERVER),
  UNSUBSCRIBE(10, 2, Sender.CLIENT),
  UNSUBACK(11, 0, Sender.SERVER),
  PINGREQ(12, 0, Sender.CLIENT),
  PINGRESP(13, 0, Sender.SERVER),
  DISCONNECT(14, 0, Sender.BOTH),
  AUTH(15, 0, Sender.BOTH);

  private static final @Nullable PacketType[] BY_CODE = new @Nullable PacketType[16];

  static {
    for (PacketType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private enum Sender {
    CLIENT,
    SERVER,
    BOTH
  }

  private final int code;
  private final int flags;
  private final Sender sender;

  PacketType(int code, int flags, Sender sender) {
    this.code = code;
    this.flags = flags;
    this.sender = sender;
  }

  /** The type a first byte announces; null for the forbidden type 0. */
  public static @Nullable PacketType of(int firstByte) {
    return BY_CODE[firstByte >>> 4];
  }

  /** The first byte of the packet; PUBLISH adds its flags. */
  int firstByte() {
    return code << 4 | flags;
  }

  /** Whether the low half of the first byte is as this type requires [MQTT-2.1.3-1]. */
  boolean allowsFlags(int firstByte) {
    return this == PUBLISH || (firstByte & 0x0F) == flags;
  }

  boolean isSentByClient() {
    return sender != Sender.SERVER;
  }

  boolean isSentByServer() {
    return sender != Sender.CLIENT;
  }
}
