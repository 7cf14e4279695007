package dev.limpet.broker.connection.codec.wire;

import dev.limpet.broker.io.VertxInternals;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;

/**
 * Reads the body of one packet and never leaves it. A read past its end reports a malformed packet.
 * Confined to its caller; moves no index of the buffer.
 */
public final class WireReader {
  private static final Buffer EMPTY = VertxInternals.buffer(Unpooled.EMPTY_BUFFER);

  private final ByteBuf in;
  private final int end;
  private int position;

  public WireReader(ByteBuf in, int start, int end) {
    this.in = in;
    this.position = start;
    this.end = end;
  }

  public int remaining() {
    return end - position;
  }

  public int u8() {
    return in.getByte(advance(1)) & 0xFF;
  }

  public int u16() {
    return in.getUnsignedShort(advance(2));
  }

  public long u32() {
    return in.getUnsignedInt(advance(4));
  }

  /** A packet identifier, which is never 0 [MQTT-2.2.1-3]. */
  public int packetId() {
    int packetId = u16();
    if (packetId == 0) {
      throw PacketException.protocolError("packet identifier 0");
    }
    return packetId;
  }

  /** A variable byte integer in its shortest form [MQTT-1.5.5-1]. */
  public int varint() {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = u8();
      value |= (next & 0x7F) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw PacketException.malformed("a variable byte integer longer than needed");
        }
        return value;
      }
    }
    throw PacketException.malformed("a variable byte integer of more than 4 bytes");
  }

  public String string() {
    int length = u16();
    return Utf8.decode(in, advance(length), length);
  }

  /** Skips a string whose bytes are these; else returns false and stays where it is. */
  public boolean skips(ByteBuf known) {
    int length = known.readableBytes();
    if (remaining() < 2 + length || in.getUnsignedShort(position) != length) {
      return false;
    }
    if (!ByteBufUtil.equals(in, position + 2, known, 0, length)) {
      return false;
    }
    position += 2 + length;
    return true;
  }

  /** Binary data behind its length, copied. */
  public Buffer binary() {
    return copy(u16());
  }

  /** All that is left, copied. */
  public Buffer rest() {
    return copy(remaining());
  }

  /** The next bytes as a reader of their own. */
  public WireReader part(int length) {
    int start = advance(length);
    return new WireReader(in, start, start + length);
  }

  public void requireEnd() {
    if (position != end) {
      throw PacketException.malformed(remaining() + " bytes too many");
    }
  }

  private Buffer copy(int length) {
    int index = advance(length);
    if (length == 0) {
      return EMPTY;
    }
    byte[] bytes = ByteBufUtil.getBytes(in, index, length, true);
    return VertxInternals.buffer(Unpooled.wrappedBuffer(bytes));
  }

  private int advance(int bytes) {
    int start = position;
    if (bytes > end - start) {
      throw PacketException.malformed("a packet that ends too early");
    }
    position = start + bytes;
    return start;
  }
}
