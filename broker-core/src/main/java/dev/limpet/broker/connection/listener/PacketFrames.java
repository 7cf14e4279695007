package dev.limpet.broker.connection.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Puts each MQTT packet of a stream into a WebSocket frame of its own. Two in one frame are legal
 * [MQTT-6.0.0-2], but some clients (Paho C and its wrappers) see only the first one.
 *
 * <p>A packet tells its length in its first bytes, so a frame begins with the packet and its later
 * pieces follow: only the start of a fixed header waits here, four bytes at most. Confined to its
 * event loop.
 */
final class PacketFrames {
  private static final int FINAL_BINARY = 0x82;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;
  private static final int FRAME_HEAD_BYTES_MAX = 10;
  private static final int PACKET_HEAD_BYTES_MAX = 5;

  private final byte[] head = new byte[PACKET_HEAD_BYTES_MAX];
  private int headBytes;
  private long missing;

  /** Whether a frame has begun and not all of it was written: nothing else may come now. */
  boolean isInside() {
    return missing > 0;
  }

  /**
   * Takes the next bytes of the stream, all of them, and leaves the buffer to the caller.
   *
   * @return a new buffer with the bytes to send now, possibly empty
   */
  ByteBuf frame(ByteBufAllocator allocator, ByteBuf in) {
    ByteBuf out = allocator.buffer(in.readableBytes() + FRAME_HEAD_BYTES_MAX);
    while (in.isReadable()) {
      if (missing > 0) {
        int next = (int) Math.min(missing, in.readableBytes());
        out.writeBytes(in, next);
        missing -= next;
      } else {
        begin(in.readByte(), out);
      }
    }
    return out;
  }

  private void begin(byte next, ByteBuf out) {
    head[headBytes++] = next;
    boolean whole = headBytes > 1 && next >= 0;
    if (!whole && headBytes < PACKET_HEAD_BYTES_MAX) {
      return;
    }
    long length = whole ? remainingLength() : 0; // passes non-MQTT bytes on as they are
    writeHead(headBytes + length, out);
    out.writeBytes(head, 0, headBytes);
    headBytes = 0;
    missing = length;
  }

  private long remainingLength() {
    long length = 0;
    for (int i = 1; i < headBytes; i++) {
      length |= (head[i] & 0x7FL) << 7 * (i - 1);
    }
    return length;
  }

  /** RFC 6455 section 5.2; a server's frames are not masked. */
  private static void writeHead(long length, ByteBuf out) {
    out.writeByte(FINAL_BINARY);
    if (length < SHORT_LENGTH) {
      out.writeByte((int) length);
    } else if (length <= 0xFFFF) {
      out.writeByte(SHORT_LENGTH).writeShort((int) length);
    } else {
      out.writeByte(LONG_LENGTH).writeLong(length);
    }
  }
}
