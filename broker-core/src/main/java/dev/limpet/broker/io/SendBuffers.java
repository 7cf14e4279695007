package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pools the buffers in which the connections of a lane gather output. Reuses the buffer returned
 * last, which is still in the processor's cache, and allocates nothing.
 *
 * <p>Confined to its lane, but for {@link #keptBytes}. Keeps at most {@value #KEPT_MAX} buffers and
 * {@value #KEPT_BYTES_MAX} bytes, until the lane's thread ends; the rest goes back to the
 * allocator.
 */
final class SendBuffers {
  private static final int KEPT_MAX = 1_024;
  private static final int KEPT_BYTES_MAX = 4 << 20;
  private static final int BYTES_MIN = 256;

  private static final FastThreadLocal<SendBuffers> OF_LANE =
      new FastThreadLocal<>() {
        @Override
        protected SendBuffers initialValue() {
          return new SendBuffers();
        }

        @Override
        protected void onRemoval(SendBuffers buffers) {
          buffers.kept.forEach(ByteBuf::release);
          buffers.keptBytes.set(0);
        }
      };

  private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>();
  private final AtomicInteger keptBytes = new AtomicInteger();

  /** Those of the lane the caller runs on. */
  static SendBuffers ofThisLane() {
    return OF_LANE.get();
  }

  /** An empty buffer, direct. */
  ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf last = kept.pollLast();
    if (last == null) {
      return allocator.directBuffer(BYTES_MIN);
    }
    keptBytes.lazySet(keptBytes.getPlain() - last.capacity());
    return last;
  }

  /** Takes a buffer back once its bytes are sent. */
  void giveBack(ByteBuf buffer) {
    int bytes = buffer.capacity();
    if (kept.size() == KEPT_MAX || bytes > KEPT_BYTES_MAX - keptBytes.getPlain()) {
      buffer.release();
    } else {
      kept.addLast(buffer.clear());
      keptBytes.lazySet(keptBytes.getPlain() + bytes);
    }
  }

  /** Bytes of the buffers that wait to be taken. From any thread, a moment late. */
  int keptBytes() {
    return keptBytes.get();
  }
}
