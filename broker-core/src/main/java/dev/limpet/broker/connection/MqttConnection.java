package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.PacketException;
import dev.limpet.broker.connection.listener.SocketReads;
import dev.limpet.broker.connection.listener.Visitor;
import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;
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
  private static final String SILENT = "nothing came for one and a half times its keep alive";

  private final SocketPorts ports;
  private final Lane lane;
  private final Caller caller;
  private final PacketDecoder decoder;
  private final KeepAlive keepAlive;
  private final Function<MqttConnection, PacketHandler> first;
  private final ConnectDeadline deadline = new ConnectDeadline();
  private final UnreadBytes unread = new UnreadBytes();

  /** Since the socket's pipeline has it; null before. */
  private @Nullable InPipeline pipeline;

  /** While packets are handed on: whoever resumes reading meanwhile need not. */
  private boolean decoding;

  private Life life = Life.OPEN;

  private enum Life {
    OPEN,
    /** The client sends no more; what it has sent is still handled. */
    INPUT_ENDED,
    CLOSED
  }

  /** What a connection has while it is in a pipeline. */
  private static final class InPipeline {
    private final ChannelHandlerContext context;
    private final ClientOutput output;
    private PacketHandler handler;

    InPipeline(ChannelHandlerContext context, ClientOutput output, PacketHandler handler) {
      this.context = context;
      this.output = output;
      this.handler = handler;
    }
  }

  /**
   * @param visitor where it comes from, for operators and access rules
   * @param first makes the stage that the connection begins with, which writes nothing yet
   */
  public MqttConnection(
      SocketPorts ports,
      Lane lane,
      Visitor visitor,
      Function<MqttConnection, PacketHandler> first) {
    this.ports = ports;
    this.first = first;
    this.lane = lane;
    this.caller = new Caller(visitor, ports);
    this.decoder = new PacketDecoder(ports.options().packetBytesMax(), ports.options().packets());
    this.keepAlive =
        new KeepAlive(
            lane,
            ports.options().protocol().keepAliveCountsBytes(),
            () -> handler().wantsPause(),
            () -> close(ReasonCode.KEEP_ALIVE_TIMEOUT, SILENT));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lane.traffic().socketOpened();
    int bytesMax = ports.options().writeBufferBytesMax();
    ctx.channel()
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bytesMax / 2, bytesMax));
    SocketBudget.Share node = ports.admission().sockets(lane);
    SocketWriter writer = new SocketWriter(ctx, lane, bytesMax, node, this::writable);
    writer.whenStalled(caller::stalled);
    pipeline = new InPipeline(ctx, new ClientOutput(writer, ports, caller), first.apply(this));
    deadline.start(lane, patienceMillis(), this::connectTimeout);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (isClosed() || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    lane.traffic().bytesReceived(bytes.readableBytes());
    unread.add(ctx.alloc(), bytes);
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
    if (life == Life.INPUT_ENDED
        && !decoding
        && (unread.bytes() == null || !handler().wantsPause())) {
      caller.left("it closed its side of the connection");
      end(ReasonCode.UNSPECIFIED_ERROR);
      output().close();
    }
  }

  private void broken(Throwable e) {
    LOG.error("Handling a packet of {} failed", caller.address(), e);
    close(ReasonCode.UNSPECIFIED_ERROR, "an internal error");
  }

  /** Goes on with a packet that had to wait, then with those behind it. On the lane. */
  void goOn(Runnable next) {
    if (isClosed()) {
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
    while (!isClosed() && unread.bytes() != null && !handler().wantsPause()) {
      Packet packet = decoder.decode(unread.bytes());
      if (packet == null) {
        break;
      }
      caller.spoke();
      handler().handle(packet);
      packets++;
    }
    if (!isClosed()) {
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
    if (isClosed()) {
      unread.release();
    } else {
      unread.trim(pipeline().context.alloc());
    }
  }

  /**
   * Stops reading once there is something to keep waiting: most pauses are over before the client
   * sends more, and cost no system call then.
   */
  private void updateReading() {
    if (!isClosed()) {
      boolean waits = unread.isReadable() && handler().wantsPause();
      boolean wanted = !waits && output().isWritable();
      ChannelConfig config = pipeline().context.channel().config();
      if (config.isAutoRead() != wanted) {
        config.setAutoRead(wanted);
      }
    }
  }

  /** The reason for a pause may have gone: read on. */
  void resume() {
    if (!isClosed() && !decoding) {
      keepAlive.heard(); // what the client sent meanwhile has still to be read
      decode();
    }
  }

  /** From now on this handles the packets. */
  void become(PacketHandler next) {
    pipeline().handler = next;
    SocketReads.shareFor(pipeline().context);
  }

  /** Starts to count silence [MQTT-3.1.2-22]. */
  void watch(int keepAliveSeconds) {
    keepAlive.start(keepAliveSeconds, deadline.isOver() ? Long.MAX_VALUE : patienceMillis());
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
    if (!isClosed()) {
      handler().writable();
      resume();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (!isClosed()) {
        life = Life.INPUT_ENDED;
      }
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
    if (isClosed()) {
      return;
    }
    String words = why == null ? reason.words() : why;
    caller.closed(reason, words, forWhatItSent);
    handler().farewell(reason, words);
    end(reason);
    output().close();
  }

  /** The client said goodbye: nothing is said back. */
  void closeQuietly() {
    caller.left("it said goodbye");
    end(ReasonCode.SUCCESS);
    output().close();
  }

  private void end(ReasonCode reason) {
    if (isClosed()) {
      return;
    }
    life = Life.CLOSED;
    keepAlive.stop();
    deadline.cancel();
    handler().ended(reason);
    if (!decoding) {
      dropWhatWasRead();
    }
  }

  /** {@link ConnectDeadline#whenSlow}. */
  void whenSlow(@Nullable Runnable slow) {
    deadline.whenSlow(slow);
  }

  private void connectTimeout() {
    if (isClosed()) {
      return;
    }
    Runnable slow = deadline.slow();
    if (slow != null) {
      slow.run();
    } else if (handler().awaitsConnect()) {
      ports.metrics().refused(Limit.CONNECT_MILLIS_MAX);
      ports.metrics().protocolError();
      close(ReasonCode.MAXIMUM_CONNECT_TIME, "no CONNECT in time");
    } else {
      keepAlive.look();
    }
  }

  /** Whether this handles the packets now. */
  boolean isAt(PacketHandler stage) {
    return handler() == stage;
  }

  /** How long one step of a plug-in or client may take before the client is connected. */
  int patienceMillis() {
    return ports.options().connectTimeoutMillis();
  }

  boolean isClosed() {
    return life == Life.CLOSED;
  }

  Lane lane() {
    return lane;
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

  /** The version CONNECT named; null while it has named none. */
  @Nullable ProtocolVersion version() {
    return decoder.version();
  }

  ClientOutput output() {
    return pipeline().output;
  }

  private PacketHandler handler() {
    return pipeline().handler;
  }

  private InPipeline pipeline() {
    if (pipeline == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return pipeline;
  }
}
