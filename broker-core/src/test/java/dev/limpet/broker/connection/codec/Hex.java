package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;

/** Bytes as the tests write them, and decoders ready for them. */
final class Hex {
  private Hex() {}

  static ByteBuf buf(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  static Buffer buffer(String hex) {
    return Buffer.buffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  static String of(ByteBuf bytes) {
    return ByteBufUtil.hexDump(bytes);
  }

  /** A server's decoder that has seen a CONNECT of this version. */
  static PacketDecoder connected(ProtocolVersion version, int packetBytesMax) {
    PacketDecoder decoder = new PacketDecoder(packetBytesMax);
    String connect =
        switch (version) {
          case V3_1 -> "10 0F 0006 4D5149736470 03 02 003C 0001 61";
          case V3_1_1 -> "10 0D 0004 4D515454 04 02 003C 0001 61";
          case V5 -> "10 0E 0004 4D515454 05 02 003C 00 0001 61";
        };
    if (decoder.decode(buf(connect)) == null) {
      throw new IllegalStateException("the CONNECT is not whole");
    }
    return decoder;
  }
}
