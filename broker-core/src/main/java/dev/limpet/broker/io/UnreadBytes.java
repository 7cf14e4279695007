package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came from a socket and is no whole packet yet, or has to wait. Confined to its lane. */
public final class UnreadBytes {
  private @Nullable ByteBuf bytes;

  /** What there is, to be read from; null for nothing. */
  public @Nullable ByteBuf bytes() {
    return bytes;
  }

  /** Whether something waits to be read. */
  public boolean isReadable() {
    return bytes != null && bytes.isReadable();
  }

  /** The next byte, which is not read by that. There must be one. */
  public int first() {
    ByteBuf held = Objects.requireNonNull(bytes);
    return held.getUnsignedByte(held.readerIndex());
  }

  /** Takes over what came next. */
  public void add(ByteBufAllocator allocator, ByteBuf more) {
    bytes =
        bytes == null
            ? more
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, more);
  }

  /**
   * Lets go of what was read. From a client whose packets never end where a read does, all that it
   * has ever sent would be kept otherwise. What is left in a buffer of others moves to one of its
   * own.
   */
  public void trim(ByteBufAllocator allocator) {
    ByteBuf held = bytes;
    if (held == null) {
      return;
    }
    if (!held.isReadable()) {
      release();
    } else if (held.refCnt() > 1) {
      bytes = allocator.buffer(held.readableBytes()).writeBytes(held);
      held.release();
    } else if (held.refCnt() == 1 && !held.isReadOnly()) {
      held.discardSomeReadBytes();
    }
  }

  /** Lets go of everything. */
  public void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }
}
