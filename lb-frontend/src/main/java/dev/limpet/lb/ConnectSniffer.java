package dev.limpet.lb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buffers a new client's bytes until its client id is known, bounded in bytes and time; then holds
 * them until the {@link Handshake} has decided, and passes them on unchanged. Confined to the
 * channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the close shows as channelInactive
final class ConnectSniffer extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectSniffer.class);

  private enum State {
    READING,
    DECIDING,
    DONE
  }

  private final FrontendOptions options;
  private final FrontendAdmission admission;
  private final UndecidedSockets undecided;
  private final Handshake handshake;
  private State state = State.READING;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /** Bytes of {@link #held} reported to {@link FrontendAdmission#hold}. */
  private int bytesAccounted;

  private boolean inputClosed;
  private @Nullable ChannelHandlerContext ctx;
  private final long beganNanos = System.nanoTime();

  ConnectSniffer(FrontendParts parts, UndecidedSockets undecided, Handshake handshake) {
    this.options = parts.options();
    this.admission = parts.admission();
    this.undecided = undecided;
    this.handshake = handshake;
  }

  /** When its client came. */
  long beganNanos() {
    return beganNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    undecided.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (state == State.DONE || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    // The first buffer is kept as it is, later ones are copied behind it: a client that sends
    // single bytes must not make us keep one pooled buffer for each.
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), held, bytes);
    if (state == State.READING) {
      sniff();
    } else if (held.readableBytes() > waitingBytesMax()) {
      // Reading is paused, but epoll drains the socket once the client has sent FIN.
      reject(RejectReason.OVERSIZE);
    }
  }

  private long waitingBytesMax() {
    return (long) options.handshake().connectBytesMax() + options.relay().queueBytesMax();
  }

  private void sniff() {
    ConnectPrefix.Result result = ConnectPrefix.parse(held);
    if (result instanceof ConnectPrefix.Incomplete incomplete) {
      if (incomplete.bytesMin() > options.handshake().connectBytesMax()) {
        reject(RejectReason.OVERSIZE);
      } else if (!account()) {
        reject(RejectReason.HANDSHAKE_BYTES_MAX);
      }
    } else if (result instanceof ConnectPrefix.Rejected rejected) {
      reject(rejected.reason());
    } else if (result instanceof ConnectPrefix.Identified identified) {
      beginDeciding();
      handshake.identified(identified.clientId());
    } else if (result instanceof ConnectPrefix.LeftToBroker left) {
      LOG.debug("client of {} is left to the local broker: {}", handshake, left.why());
      beginDeciding();
      handshake.leftToBroker();
    }
  }

  private void beginDeciding() {
    state = State.DECIDING;
    undecided.remove(this);
  }

  private boolean account() {
    int grown = held.readableBytes() - bytesAccounted;
    bytesAccounted += grown;
    return admission.hold(grown);
  }

  /**
   * Stops reading until {@link #passOn}; false if the bytes so far are already too many to keep.
   */
  boolean pause() {
    undecided.pause(this);
    context().channel().config().setAutoRead(false);
    return account();
  }

  /** Whether the handshake is over: passed on, rejected or closed by the client. */
  boolean isDone() {
    return state == State.DONE;
  }

  /** Whether the client has sent FIN. */
  boolean isInputClosed() {
    return inputClosed;
  }

  /** Leaves the pipeline and hands all bytes to the handlers behind. */
  void passOn() {
    ChannelHandlerContext context = context();
    ByteBuf bytes = held;
    held = Unpooled.EMPTY_BUFFER;
    end();
    context.pipeline().remove(this);
    context.fireChannelRead(bytes);
    context.fireChannelReadComplete();
  }

  /** Closes the connection; does nothing if the handshake is over. */
  void reject(RejectReason reason) {
    if (state == State.DONE) {
      return;
    }
    drop(reason);
    context().close();
  }

  private void drop(RejectReason reason) {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
    end();
    handshake.rejected(reason);
  }

  private void end() {
    state = State.DONE;
    undecided.remove(this);
    admission.endHandshake(bytesAccounted);
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      if (state == State.READING) {
        reject(RejectReason.CLOSED_EARLY);
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (state != State.DONE) {
      drop(RejectReason.CLOSED_EARLY);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{} failed before its home was known", handshake, cause);
    reject(RejectReason.CLOSED_EARLY);
  }
}
