package dev.limpet.broker.connection.codec.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;

/**
 * Decodes MQTT strings: well-formed UTF-8 without U+0000 ([MQTT-1.5.4-1], [MQTT-1.5.4-2]).
 * Stateless.
 */
final class Utf8 {
  /** Stops at the first byte that is not U+0001 to U+007F. */
  private static final ByteProcessor PLAIN = value -> value > 0;

  private Utf8() {}

  /** Decodes; plain ASCII, by far the most common, is scanned once and copied once. */
  static String decode(ByteBuf in, int index, int length) {
    int special = in.forEachByte(index, length, PLAIN);
    if (special < 0) {
      return in.toString(index, length, StandardCharsets.ISO_8859_1);
    }
    validate(in, special, index + length);
    return in.toString(index, length, StandardCharsets.UTF_8);
  }

  private static void validate(ByteBuf in, int from, int end) {
    int i = from;
    while (i < end) {
      int lead = in.getByte(i) & 0xFF;
      if (lead == 0) {
        throw PacketException.malformed("a string with U+0000");
      }
      i += lead < 0x80 ? 1 : sequence(in, i, end, lead);
    }
  }

  /** Bytes of the sequence that starts with {@code lead}, when it is well-formed (RFC 3629). */
  private static int sequence(ByteBuf in, int index, int end, int lead) {
    int length;
    int codePointMin;
    if (lead >= 0xC2 && lead <= 0xDF) {
      length = 2;
      codePointMin = 0x80;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      codePointMin = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      codePointMin = 0x1_0000;
    } else {
      throw PacketException.malformed("a string that is not UTF-8");
    }
    if (index + length > end) {
      throw PacketException.malformed("a string that ends within a character");
    }
    int codePoint = lead & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      int next = in.getByte(index + i) & 0xFF;
      if ((next & 0xC0) != 0x80) {
        throw PacketException.malformed("a string that is not UTF-8");
      }
      codePoint = codePoint << 6 | next & 0x3F;
    }
    boolean isSurrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    if (codePoint < codePointMin || codePoint > 0x10_FFFF || isSurrogate) {
      throw PacketException.malformed("a string with a character that may not be encoded so");
    }
    return length;
  }
}
