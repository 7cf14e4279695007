package dev.limpet.broker.connection.codec.wire;

import dev.limpet.broker.io.VertxInternals;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;

/** Appends the data types of MQTT 5.0 section 1.5 to a buffer. Stateless. */
public final class WireWriter {
  /** Longest string or binary data, in bytes. */
  static final int FIELD_BYTES_MAX = 65_535;

  private WireWriter() {}

  /** Bytes a variable byte integer takes. */
  public static int varintBytes(int value) {
    return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
  }

  /** A variable byte integer, 0 to 268,435,455. */
  public static void varint(ByteBuf out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.writeByte(rest | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  /** Bytes a string takes with its length. */
  public static int stringBytes(String value) {
    return 2 + ByteBufUtil.utf8Bytes(value);
  }

  public static void string(ByteBuf out, String value) {
    string(out, value, ByteBufUtil.utf8Bytes(value));
  }

  /** A string whose length in bytes is known. */
  public static void string(ByteBuf out, String value, int bytes) {
    requireField(bytes);
    out.writeShort(bytes);
    ByteBufUtil.reserveAndWriteUtf8(out, value, bytes);
  }

  /** Binary data behind its length. */
  public static void binary(ByteBuf out, Buffer value) {
    requireField(value.length());
    out.writeShort(value.length());
    bytes(out, value);
  }

  /** The bytes of a buffer, copied once; safe for a buffer that other threads read too. */
  public static void bytes(ByteBuf out, Buffer value) {
    ByteBuf bytes = VertxInternals.bytes(value);
    out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }

  private static void requireField(int bytes) {
    if (bytes > FIELD_BYTES_MAX) {
      throw new IllegalArgumentException("a field of " + bytes + " bytes, 65535 allowed");
    }
  }
}
