package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.metrics.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a connection writes in one tick of its lane and sends it in one write.
 *
 * <p>Confined to its lane.
 */
final class SocketWriter {
  private static final int BUFFER_BYTES_MIN = 256;

  /** A client that reads nothing gets this long to take the last packets. */
  private static final long CLOSE_MILLIS_MAX = 5_000;

  private final ChannelHandlerContext context;
  private final Lane lane;
  private final int bytesMax;
  private final Runnable onDrained;
  private final Runnable flush = this::flush;
  private @Nullable ByteBuf gathered;
  private boolean full;
  private boolean closed;

  /**
   * @param bytesMax gathered and unsent bytes from which on it is not writable
   * @param onDrained run when it has become writable again
   */
  SocketWriter(ChannelHandlerContext context, Lane lane, int bytesMax, Runnable onDrained) {
    this.context = context;
    this.lane = lane;
    this.bytesMax = bytesMax;
    this.onDrained = onDrained;
  }

  /** The buffer to append packets to; it is sent at the end of the tick. */
  ByteBuf buffer() {
    ByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = context.alloc().directBuffer(BUFFER_BYTES_MIN);
      gathered = buffer;
      lane.atEndOfTick(flush);
    }
    return buffer;
  }

  Traffic traffic() {
    return lane.traffic();
  }

  boolean isWritable() {
    ByteBuf buffer = gathered;
    boolean writable =
        !closed
            && context.channel().isWritable()
            && (buffer == null || buffer.readableBytes() < bytesMax);
    full |= !writable;
    return writable;
  }

  void flush() {
    ByteBuf buffer = gathered;
    gathered = null;
    if (buffer == null) {
      return;
    }
    if (closed || !buffer.isReadable()) {
      buffer.release();
      return;
    }
    lane.traffic().bytesSent(buffer.readableBytes());
    context.writeAndFlush(buffer, context.voidPromise());
    drained();
  }

  /** The channel can take more. */
  void drained() {
    if (full && !closed && context.channel().isWritable()) {
      full = false;
      onDrained.run();
    }
  }

  /** Sends what has gathered, then closes the socket; after a while in any case. */
  void close() {
    if (closed) {
      return;
    }
    ByteBuf buffer = gathered;
    gathered = null;
    closed = true;
    lane.traffic().bytesSent(buffer == null ? 0 : buffer.readableBytes());
    ChannelFuture sent = context.writeAndFlush(buffer == null ? Unpooled.EMPTY_BUFFER : buffer);
    if (sent.isDone()) {
      context.close();
      return;
    }
    Lane.Timer patience = lane.schedule(context::close, CLOSE_MILLIS_MAX);
    sent.addListener(ChannelFutureListener.CLOSE);
    context.channel().closeFuture().addListener(gone -> patience.cancel());
  }
}
