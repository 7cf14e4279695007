package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Allocates the buffers a socket is read into. At first they are its own, so a handler that waits
 * for more bytes may keep them; once {@link #shareFor} says that a handler consumes bytes at once,
 * all sockets of the event loop share one buffer, which stays in the processor's cache.
 *
 * <p>A handler that keeps a shared buffer all the same owns it from then on; the event loop takes
 * another. One of these for each socket; confined to its event loop.
 */
public final class SocketReads implements RecvByteBufAllocator {
  private static final int SHARED_BYTES = 1 << 16;
  private static final int READS_AT_ONCE_MAX = 16;

  /** Its memory is given back when the last reference to it is gone, as that of any object. */
  private static final ByteBufAllocator COLLECTED = new UnpooledByteBufAllocator(true, true, false);

  private static final FastThreadLocal<ByteBuf> SHARED =
      new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
          return COLLECTED.directBuffer(SHARED_BYTES, SHARED_BYTES);
        }
      };

  private static final AdaptiveRecvByteBufAllocator OWN = new AdaptiveRecvByteBufAllocator();

  static {
    OWN.maxMessagesPerRead(READS_AT_ONCE_MAX);
  }

  private boolean shared;

  private SocketReads() {}

  /** For a socket nothing was read from yet. */
  public static void attachTo(Channel channel) {
    channel.config().setRecvByteBufAllocator(new SocketReads());
  }

  /**
   * Declares that from now on a handler consumes bytes at once and keeps none of the buffers it
   * gets. No effect while another handler stands before it, or for a socket that came by another
   * way.
   */
  @SuppressWarnings("ReferenceEquality") // one context is one place in one pipeline
  public static void shareFor(ChannelHandlerContext reader) {
    if (reader.pipeline().firstContext() == reader
        && reader.channel().config().getRecvByteBufAllocator() instanceof SocketReads reads) {
      reads.shared = true;
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own channels ask for it
  public Handle newHandle() {
    return new SharingHandle((ExtendedHandle) OWN.newHandle());
  }

  private static ByteBuf sharedBuffer() {
    ByteBuf buffer = SHARED.get();
    if (buffer.refCnt() > 1) {
      buffer.release();
      buffer = COLLECTED.directBuffer(SHARED_BYTES, SHARED_BYTES);
      SHARED.set(buffer);
    }
    return buffer.clear().retain();
  }

  private final class SharingHandle extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle own;

    SharingHandle(ExtendedHandle own) {
      super(own);
      this.own = own;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return shared ? sharedBuffer() : own.allocate(allocator);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return own.continueReading(maybeMore);
    }
  }
}
