package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds bytes from a socket that form no whole packet yet, or have to wait. Confined to its lane.
 */
public final class UnreadBytes {
  private @Nullable ByteBuf bytes;

  /** Returns the unread bytes, to read from; null for none. */
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

  /** Takes ownership of the next bytes. */
  public void add(ByteBufAllocator allocator, ByteBuf more) {
    bytes =
        bytes == null
            ? more
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, more);
  }

  /**
   * Releases consumed bytes. Otherwise a client whose packets never end where a read does would pin
   * all it ever sent. Bytes left in a shared buffer move to an own one.
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
