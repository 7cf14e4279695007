package dev.limpet.broker.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What came from a socket and is no whole packet yet, or has to wait. Stateless. */
final class UnreadBytes {
  private UnreadBytes() {}

  /** Takes over both; returns what holds them, one behind the other. */
  static ByteBuf join(ByteBufAllocator allocator, @Nullable ByteBuf unread, ByteBuf more) {
    return unread == null
        ? more
        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, unread, more);
  }

  /**
   * Lets go of what was read. From a client whose packets never end where a read does, all that it
   * has ever sent would be kept otherwise. What is left in a buffer of others moves to one of its
   * own.
   *
   * @return what is left; null when nothing is
   */
  static @Nullable ByteBuf trim(ByteBufAllocator allocator, ByteBuf bytes) {
    if (!bytes.isReadable()) {
      bytes.release();
      return null;
    }
    if (bytes.refCnt() > 1) {
      ByteBuf left = allocator.buffer(bytes.readableBytes()).writeBytes(bytes);
      bytes.release();
      return left;
    }
    if (bytes.refCnt() == 1 && !bytes.isReadOnly()) {
      bytes.discardSomeReadBytes();
    }
    return bytes;
  }
}
