package dev.limpet.lb;

import io.micrometer.core.instrument.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles one end of a {@link Relay}: reads from its channel and writes to its peer's. On the
 * home's side it precedes Vert.x's handler, which sees no bytes and only learns of the close.
 * Confined to the event loop of both channels.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as channelInactive
final class RelaySide extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(RelaySide.class);

  private final Relay relay;
  private final boolean halfCloses;
  private final Counter bytesRead;
  private RelaySide peer = this;
  private @Nullable ChannelHandlerContext ctx;
  private boolean inputClosed;
  private long readBytes;

  /** No more writes: FIN or close follows the queued bytes. */
  private boolean outputEnding;

  private boolean outputClosed;
  private boolean watchingForStall;

  RelaySide(Relay relay, boolean halfCloses, Counter bytesRead) {
    this.relay = relay;
    this.halfCloses = halfCloses;
    this.bytesRead = bytesRead;
  }

  void join(RelaySide other) {
    peer = other;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  private Channel channel() {
    return context().channel();
  }

  void write(ByteBuf bytes) {
    if (outputEnding) {
      bytes.release();
    } else {
      context().write(bytes, context().voidPromise());
    }
  }

  void readIfPeerHasRoom() {
    if (channel().isActive()) {
      channel().config().setAutoRead(peer.outputEnding || peer.channel().isWritable());
    }
  }

  /** Bytes that have come from here. */
  long readBytes() {
    return readBytes;
  }

  /** Whether bytes are read here as they come. */
  boolean isRead() {
    return channel().config().isAutoRead();
  }

  /** Whether nothing more can come from here. */
  boolean isInputOver() {
    return inputClosed || !channel().isActive();
  }

  /** Bytes the socket has not taken: Netty tells how far they are from the marks. */
  long queuedBytes() {
    Channel channel = channel();
    if (!channel.isActive()) {
      return 0;
    }
    WriteBufferWaterMark marks = channel.config().getWriteBufferWaterMark();
    return channel.isWritable()
        ? marks.high() + 1 - channel.bytesBeforeUnwritable()
        : marks.low() - 1 + channel.bytesBeforeWritable();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      readBytes += bytes.readableBytes();
      bytesRead.increment(bytes.readableBytes());
      peer.write(bytes);
      readIfPeerHasRoom();
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    peer.context().flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    peer.readIfPeerHasRoom();
    if (!context.channel().isWritable() && !watchingForStall) {
      watchForStall();
    }
    context.fireChannelWritabilityChanged();
  }

  /**
   * While this queue is full the peer is not read, so its disappearance would go unnoticed (epoll
   * tells, NIO does not).
   */
  private void watchForStall() {
    watchingForStall = true;
    long queuedBefore = queuedBytes();
    context()
        .executor()
        .schedule(() -> checkStall(queuedBefore), relay.stallMillis(), TimeUnit.MILLISECONDS);
  }

  private void checkStall(long queuedBefore) {
    watchingForStall = false;
    if (!channel().isActive() || channel().isWritable()) {
      return;
    }
    if (queuedBytes() >= queuedBefore) {
      relay.stalled();
    } else {
      watchForStall();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputShutdown();
    }
    context.fireUserEventTriggered(event);
  }

  /** This side has sent FIN. */
  void inputShutdown() {
    inputClosed = true;
    relay.inputEnded(this);
    closeIfBothDirectionsEnded();
  }

  /** Sends FIN, or closes, after the queued bytes. */
  void endOutput() {
    if (!halfCloses) {
      // Neither TLS nor WebSocket has a half-close that peers would understand.
      closeAfterFlush();
    } else if (!outputEnding) {
      outputEnding = true;
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> shutdownOutput());
    }
  }

  private void shutdownOutput() {
    if (channel() instanceof DuplexChannel duplex && duplex.isActive()) {
      duplex.shutdownOutput().addListener(done -> outputShutdown());
    }
  }

  private void outputShutdown() {
    outputClosed = true;
    closeIfBothDirectionsEnded();
  }

  /** Whether this side ended with FIN, and the other can end so, too. */
  boolean endsPeerByFin() {
    return inputClosed && peer.halfCloses;
  }

  private void closeIfBothDirectionsEnded() {
    if (inputClosed && outputClosed) {
      close();
    }
  }

  private void closeAfterFlush() {
    outputEnding = true;
    // Keeps reading and discards: closing with unread bytes would send RST, which can overtake and
    // destroy bytes just sent.
    readIfPeerHasRoom();
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> close());
  }

  /** Closes without waiting for the queue. Thread-safe. */
  void close() {
    // From here, not from the channel: Vert.x's handler would wait for the queue to be flushed.
    context().close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    outputEnding = true;
    if (!relay.endsByFin(this)) {
      peer.closeAfterFlush();
    }
    relay.sideClosed();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("relay to {} failed", relay.node(), cause);
    context.close();
  }
}
