package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.PacketException;
import dev.limpet.broker.connection.listener.SocketReads;
import dev.limpet.broker.connection.listener.Visitor;
import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.ClientOrigin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket: reads packets and hands each to its handler, pauses reading when the client runs
 * ahead of what can be promised, and closes with the right reason. The only writer of its socket is
 * its {@link ClientOutput}.
 *
 * <p>Confined to its lane.
 */
final class MqttConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

  private final ConnectionPorts ports;
  private final Lane lane;
  private final Caller caller;
  private final PacketDecoder decoder;
  private final KeepAlive keepAlive;
  private final boolean draining;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientOutput output;
  private @Nullable PacketHandler handler;
  private @Nullable ByteBuf pending;
  private Lane.@Nullable Timer connectTimer;
  private @Nullable Runnable whenSlow;
  private boolean decoding;
  private boolean inputEnded;
  private boolean closed;

  /**
   * @param visitor where it comes from, for operators and access rules
   * @param draining whether it is only told where to go instead
   */
  MqttConnection(ConnectionPorts ports, Lane lane, Visitor visitor, boolean draining) {
    this.ports = ports;
    this.draining = draining;
    this.lane = lane;
    this.caller = new Caller(visitor, ports);
    this.decoder = new PacketDecoder(ports.options().packetBytesMax(), ports.options().packets());
    this.keepAlive =
        new KeepAlive(
            lane,
            ports.options().protocol().keepAliveCountsBytes(),
            () -> handler().wantsPause(),
            this::silent);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    lane.traffic().socketOpened();
    int bytesMax = ports.options().writeBufferBytesMax();
    ctx.channel()
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bytesMax / 2, bytesMax));
    SocketBudget.Share node = ports.admission().sockets(lane);
    SocketWriter writer = new SocketWriter(ctx, lane, bytesMax, node, this::writable);
    writer.whenStalled(caller::stalled);
    output = new ClientOutput(writer, ports, caller);
    handler = draining ? new Draining(this) : new ConnectAwaited(this, ports, decoder);
    connectTimer = lane.schedule(this::connectTimeout, ports.options().connectTimeoutMillis());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closed || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    lane.traffic().bytesReceived(bytes.readableBytes());
    pending = UnreadBytes.join(ctx.alloc(), pending, bytes);
    decode();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Nobody behind this handler reads anything.
  }

  /** Hands on all packets that are whole, until none is left or the handler wants a pause. */
  private void decode() {
    if (decoding) {
      return; // a handler resumed reading: the loop below goes on by itself
    }
    decoding = true;
    try {
      decodeLoop();
    } catch (PacketException e) {
      fail(e);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      broken(e);
    } finally {
      decoding = false;
      dropWhatWasRead();
    }
    leaveWithInput();
  }

  /** The client sends no more: what it has sent is handled first, however long that has to wait. */
  private void leaveWithInput() {
    if (inputEnded && !closed && !decoding && (pending == null || !handler().wantsPause())) {
      caller.left("it closed its side of the connection");
      end(ReasonCode.UNSPECIFIED_ERROR);
      output().close();
    }
  }

  private void broken(Throwable e) {
    LOG.error("Handling a packet of {} failed", address(), e);
    close(ReasonCode.UNSPECIFIED_ERROR, "an internal error");
  }

  /** Goes on with a packet that had to wait, then with those behind it. On the lane. */
  void goOn(Runnable next) {
    if (closed) {
      return;
    }
    try {
      next.run();
    } catch (PacketException e) {
      fail(e);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      broken(e);
    }
    resume();
  }

  private void decodeLoop() {
    int packets = 0;
    while (!closed && pending != null && !handler().wantsPause()) {
      Packet packet = decoder.decode(pending);
      if (packet == null) {
        break;
      }
      caller.spoke();
      handler().handle(packet);
      packets++;
    }
    if (!closed) {
      caller.readOn();
    }
    if (packets > 0) {
      lane.traffic().packetsReceived(packets);
      keepAlive.heard();
    } else {
      keepAlive.heardPart(); // which does not count by the letter [MQTT-3.1.2-22]
    }
    updateReading();
  }

  private void dropWhatWasRead() {
    ByteBuf bytes = pending;
    if (bytes != null && (closed || context == null)) {
      pending = null;
      bytes.release();
    } else if (bytes != null) {
      pending = UnreadBytes.trim(context.alloc(), bytes);
    }
  }

  /**
   * Stops reading once there is something to keep waiting: most pauses are over before the client
   * sends more, and cost no system call then.
   */
  private void updateReading() {
    if (!closed && context != null) {
      boolean waits = pending != null && pending.isReadable() && handler().wantsPause();
      boolean wanted = !waits && output().isWritable();
      if (context.channel().config().isAutoRead() != wanted) {
        context.channel().config().setAutoRead(wanted);
      }
    }
  }

  /** The reason for a pause may have gone: read on. */
  void resume() {
    if (!closed && !decoding) {
      keepAlive.heard(); // what the client sent meanwhile has still to be read
      decode();
    }
  }

  /** From now on this handles the packets. */
  void become(PacketHandler next) {
    handler = next;
    if (context != null) {
      SocketReads.shareFor(context);
    }
  }

  /** Starts to count silence [MQTT-3.1.2-22]. */
  void watch(int keepAliveSeconds) {
    keepAlive.start(keepAliveSeconds, connectTimer == null ? Long.MAX_VALUE : patienceMillis());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      output().drained();
    }
    updateReading();
    ctx.fireChannelWritabilityChanged();
  }

  private void writable() {
    if (!closed) {
      handler().writable();
      resume();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      leaveWithInput();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    caller.left("its connection was closed");
    end(ReasonCode.UNSPECIFIED_ERROR);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    caller.left("its connection failed: " + cause.getMessage());
    end(ReasonCode.UNSPECIFIED_ERROR);
    ctx.close();
  }

  /** Closes for what the client sent. */
  void fail(PacketException sent) {
    ports.metrics().protocolError();
    Limit limit = sent.limit();
    if (limit != null) {
      ports.metrics().refused(limit);
    }
    close(sent.reason(), sent.getMessage(), true);
  }

  /** Says goodbye where the version has a packet for it, sends what is written, and closes. */
  void close(ReasonCode reason, @Nullable String why) {
    close(reason, why, false);
  }

  private void close(ReasonCode reason, @Nullable String why, boolean forWhatItSent) {
    if (closed) {
      return;
    }
    String words = why == null ? reason.words() : why;
    caller.closed(reason, words, forWhatItSent);
    handler().farewell(reason, words);
    end(reason);
    output().close();
  }

  /** A newer connection has its client id now; to be closed next. */
  void takenOver(ClientId clientId) {
    if (!closed) {
      ports.paused().ids().takenOver(clientId);
    }
  }

  /** The client said goodbye: nothing is said back. */
  void closeQuietly() {
    caller.left("it said goodbye");
    end(ReasonCode.SUCCESS);
    output().close();
  }

  private void end(ReasonCode reason) {
    if (closed) {
      return;
    }
    closed = true;
    keepAlive.stop();
    if (connectTimer != null) {
      connectTimer.cancel();
    }
    handler().ended(reason);
    if (!decoding) {
      dropWhatWasRead();
    }
  }

  private void silent() {
    close(ReasonCode.KEEP_ALIVE_TIMEOUT, "nothing came for one and a half times its keep alive");
  }

  /**
   * Runs when the time for CONNECT is over and it came, but the client is not connected yet.
   *
   * @param slow null once it is
   */
  void whenSlow(@Nullable Runnable slow) {
    whenSlow = slow;
  }

  private void connectTimeout() {
    connectTimer = null;
    Runnable slow = whenSlow;
    if (!closed && slow != null) {
      slow.run();
    } else if (!closed && (handler instanceof ConnectAwaited || handler instanceof Draining)) {
      ports.metrics().refused(Limit.CONNECT_MILLIS_MAX);
      ports.metrics().protocolError();
      close(ReasonCode.MAXIMUM_CONNECT_TIME, "no CONNECT in time");
    } else if (!closed) {
      keepAlive.look();
    }
  }

  /** Whether this handles the packets now. */
  boolean isAt(PacketHandler stage) {
    return handler == stage;
  }

  /** How long one step of a plug-in or client may take before the client is connected. */
  int patienceMillis() {
    return ports.options().connectTimeoutMillis();
  }

  boolean isClosed() {
    return closed;
  }

  Lane lane() {
    return lane;
  }

  String address() {
    return caller.origin().address();
  }

  ClientOrigin origin() {
    return caller.origin();
  }

  Caller caller() {
    return caller;
  }

  /**
   * Writes what the client waits for. One that does not take packets so large would wait for ever:
   * it is closed.
   */
  void answer(Packet packet) {
    if (!output().write(packet)) {
      close(ReasonCode.PACKET_TOO_LARGE, "no room for " + packet.type());
    }
  }

  ClientOutput output() {
    if (output == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return output;
  }

  private PacketHandler handler() {
    if (handler == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return handler;
  }
}
