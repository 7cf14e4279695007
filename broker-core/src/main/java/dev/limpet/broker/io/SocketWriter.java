package dev.limpet.broker.io;

import dev.limpet.broker.metrics.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a connection's output during one tick of its lane and sends it in one write, or in
 * several if large: so a fan-out of large messages does not hold a copy of each for every client.
 *
 * <p>Confined to its lane.
 */
public final class SocketWriter {
  /** Gathered output of this size is sent without waiting for the end of the tick. */
  private static final int SEND_BYTES = 1 << 16;

  /** A client that reads nothing gets this long to take the last packets. */
  private static final long CLOSE_MILLIS_MAX = 5_000;

  private final ChannelHandlerContext context;
  private final Lane lane;
  private final int bytesMax;
  private final SocketBudget.Share node;
  private final SendBuffers buffers;
  private final DirectSend direct;
  private final Runnable onDrained;
  private final Runnable flush = this::flush;
  private Runnable onStalled = () -> {};
  private @Nullable StallClock stall;
  private @Nullable ByteBuf gathered;
  private long unsentBytes;
  private boolean full;
  private boolean sending;
  private boolean ended;
  private boolean closed;

  /**
   * @param bytesMax gathered and unsent bytes from which on it is not writable
   * @param node budget of the sockets of its lane
   * @param onDrained run when it has become writable again
   */
  public SocketWriter(
      ChannelHandlerContext context,
      Lane lane,
      int bytesMax,
      SocketBudget.Share node,
      Runnable onDrained) {
    this.context = context;
    this.lane = lane;
    this.bytesMax = bytesMax;
    this.node = node;
    this.buffers = node.buffers();
    this.direct = new DirectSend(context);
    this.onDrained = onDrained;
  }

  /** Has this run before the socket is closed because it takes nothing. */
  public void whenStalled(Runnable listener) {
    onStalled = listener;
  }

  /** The buffer to append packets to; it is sent at the end of the tick. */
  public ByteBuf buffer() {
    ByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = buffers.take(context.alloc());
      gathered = buffer;
      lane.atEndOfTick(flush);
    }
    return buffer;
  }

  public Traffic traffic() {
    return lane.traffic();
  }

  public boolean isWritable() {
    ByteBuf buffer = gathered;
    boolean writable =
        !closed
            && !ended
            && context.channel().isWritable()
            && (buffer == null || buffer.readableBytes() < bytesMax)
            && (unsentBytes == 0 || !node.isExceeded() || recount() == 0);
    full |= !writable;
    return writable;
  }

  /** A PUBLISH was appended. */
  public void appended() {
    ByteBuf buffer = gathered;
    if (buffer != null && buffer.readableBytes() >= SEND_BYTES) {
      send(); // the end of the tick, which comes anyway, notifies the waiting handler
    }
  }

  void flush() {
    send();
    drained();
  }

  private void send() {
    ByteBuf buffer = gathered;
    gathered = null;
    if (buffer == null) {
      return;
    }
    if (closed || ended || !buffer.isReadable()) {
      buffers.giveBack(buffer);
      return;
    }
    lane.traffic().bytesSent(buffer.readableBytes());
    if (direct.send(buffer)) {
      buffers.giveBack(buffer);
      recount();
      return;
    }
    sending = true;
    if (node.isExceeded()) {
      sendAndListen(buffer);
    } else {
      context.writeAndFlush(buffer, context.voidPromise());
    }
    sending = false;
    recount();
  }

  /** While room is short, a client that has taken everything resumes at once. */
  private void sendAndListen(ByteBuf buffer) {
    ChannelFuture sent = context.writeAndFlush(buffer);
    if (!sent.isDone()) {
      sent.addListener(done -> drained());
    }
  }

  /** How many bytes the connection has not taken. */
  private long recount() {
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    long now = out == null ? 0 : out.totalPendingWriteBytes();
    if (now != unsentBytes) {
      node.changed(this, unsentBytes, now);
      unsentBytes = now;
    }
    return now;
  }

  /** Now and then, while something is unsent. */
  void look() {
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    if (recount() == 0 || out == null || !node.isExceeded()) {
      stall = null;
    } else if (isStalled(out)) {
      node.refused();
      onStalled.run();
      context.close();
      return;
    }
    drained();
  }

  private boolean isStalled(ChannelOutboundBuffer out) {
    StallClock clock = stall;
    if (clock == null) {
      clock = node.stallClock();
      stall = clock;
    }
    return clock.isOver(out);
  }

  /** The channel can take more. */
  public void drained() {
    if (full && !sending && isWritable()) {
      full = false;
      onDrained.run();
    }
  }

  /**
   * Sends gathered output and discards later writes.
   *
   * @param fin whether FIN follows
   */
  public void end(boolean fin) {
    if (closed || ended) {
      return;
    }
    ended = true;
    ByteBuf buffer = gathered;
    gathered = null;
    lane.traffic().bytesSent(buffer == null ? 0 : buffer.readableBytes());
    ChannelFuture sent = context.writeAndFlush(buffer == null ? Unpooled.EMPTY_BUFFER : buffer);
    if (fin && context.channel() instanceof DuplexChannel socket) {
      sent.addListener(written -> socket.shutdownOutput());
    }
  }

  /** Discards gathered output and all later writes. */
  public void mute() {
    ended = true;
  }

  /** Sends gathered output, then closes the socket; after a timeout in any case. */
  public void close() {
    if (closed) {
      return;
    }
    ByteBuf buffer = gathered;
    gathered = null;
    closed = true;
    if (ended && buffer != null) {
      buffers.giveBack(buffer);
      buffer = null;
    }
    if (buffer == null && recount() == 0) {
      context.close();
      return;
    }
    lane.traffic().bytesSent(buffer == null ? 0 : buffer.readableBytes());
    ChannelFuture sent = context.writeAndFlush(buffer == null ? Unpooled.EMPTY_BUFFER : buffer);
    if (sent.isDone()) {
      context.close();
      return;
    }
    Lane.Timer timeout = lane.schedule(context::close, CLOSE_MILLIS_MAX);
    sent.addListener(ChannelFutureListener.CLOSE);
    context.channel().closeFuture().addListener(gone -> timeout.cancel());
  }
}
