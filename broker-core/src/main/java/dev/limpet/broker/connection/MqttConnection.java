package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.io.KeepAlive;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.io.UnreadBytes;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one socket: reads packets and hands each to its handler, pauses reading when the client
 * runs ahead of its acknowledgements, and closes with the right reason. The only writer of its
 * socket is its {@link ClientOutput}.
 *
 * <p>Confined to its lane.
 */
public final class MqttConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);
  private static final String SILENT = "it sent nothing for one and a half times its keep alive";

  private final SocketPorts ports;
  private final Lane lane;
  private final Caller caller;
  private final PacketDecoder decoder;
  private final KeepAlive keepAlive;
  private final Function<MqttConnection, PacketHandler> first;
  private final LastWords lastWords;
  private final ConnectDeadline deadline = new ConnectDeadline(this::connectTimeOver);
  private final UnreadBytes unread = new UnreadBytes();

  /** Since the socket's pipeline has it; null before. */
  private @Nullable SocketPipeline pipeline;

  /** True while packets are passed on, when resuming reads would be redundant. */
  private boolean decoding;

  private boolean closed;

  /**
   * @param clientSocket where it comes from, for operators and access rules
   * @param first makes the stage that the connection begins with, which writes nothing yet
   */
  public MqttConnection(
      SocketPorts ports,
      Lane lane,
      ClientSocket clientSocket,
      Function<MqttConnection, PacketHandler> first) {
    this.ports = ports;
    this.first = first;
    this.lane = lane;
    this.caller = new Caller(clientSocket, ports);
    this.decoder = new PacketDecoder(ports.options().packetBytesMax(), ports.options().packets());
    this.keepAlive =
        new KeepAlive(
            lane,
            ports.options().protocol().keepAliveCountsBytes(),
            () -> handler().wantsPause() || isHeldUp(),
            () -> close(ReasonCode.KEEP_ALIVE_TIMEOUT, SILENT));
    this.lastWords = new LastWords(clientSocket, ports.options().takeover().lastWordsMillisMax());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lane.traffic().socketOpened();
    pipeline = SocketPipeline.enter(ctx, lane, ports, caller, this::writable);
    pipeline.become(first.apply(this));
    deadline.start(lane, connectTimeoutMillis());
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
    // No handler behind this one reads.
  }

  /** Hands on all packets that are whole, until none is left or the handler wants a pause. */
  private void decode() {
    if (decoding) {
      return; // a handler resumed reading: the loop below continues by itself
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
    leaveWhenHeard();
  }

  private void leaveWhenHeard() {
    if (lastWords.areAllIn() && !closed && !decoding && !isHeldUp()) {
      leave();
    }
  }

  private void leave() {
    String how = lastWords.left();
    if (how != null) {
      caller.left(how);
    }
    end(lastWords.reason());
    output().close();
  }

  /** Whether the client's next packet is here and has to wait. */
  private boolean isHeldUp() {
    return unread.isReadable() && handler().holds(unread.first());
  }

  private void broken(Throwable e) {
    LOG.error("Handling a packet of {} failed", caller.address(), e);
    close(ReasonCode.UNSPECIFIED_ERROR, "an internal error");
  }

  /** Goes on with a packet that had to wait, then with those behind it. On the lane. */
  public void goOn(Runnable next) {
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
    while (!closed && unread.bytes() != null && !isHeldUp()) {
      Packet packet = decoder.decode(unread.bytes());
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
    if (closed) {
      unread.release();
    } else {
      unread.trim(pipeline().allocator());
    }
  }

  /**
   * Stops reading once there is something to keep waiting: most pauses are over before the client
   * sends more, and cost no system call then.
   */
  private void updateReading() {
    if (!closed) {
      boolean wanted = !isHeldUp() && (output().isWritable() || lastWords.isEvicted());
      pipeline().read(wanted);
    }
  }

  /** The reason for a pause may have gone: read on. */
  public void resume() {
    if (!closed && !decoding) {
      keepAlive.heard(); // packets the client sent meanwhile are still unread
      decode();
    }
  }

  /** From now on this handles the packets. */
  public void become(PacketHandler next) {
    pipeline().become(next);
    pipeline().shareReads();
  }

  /** Starts to count silence [MQTT-3.1.2-22]. */
  public void watch(int keepAliveSeconds) {
    keepAlive.start(keepAliveSeconds, deadline.isSet() ? connectTimeoutMillis() : Long.MAX_VALUE);
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
      lastWords.inputEnds("it closed its side of the connection");
      leaveWhenHeard();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost("its connection was closed");
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost("its connection failed: " + cause.getMessage());
    ctx.close();
  }

  /** The client is unreachable, but packets an admitted client has sent still count. */
  private void lost(String how) {
    lastWords.inputEnds(how);
    if (closed) {
      return;
    }
    if (handler().isConnected()) {
      output().mute();
      leaveWhenHeard();
    } else {
      leave();
    }
  }

  /** Closes because of a bad packet. */
  void fail(PacketException sent) {
    ports.metrics().protocolError();
    Limit limit = sent.limit();
    if (limit != null) {
      ports.metrics().refused(limit);
    }
    close(sent.reason(), sent.getMessage(), true);
  }

  /** Sends DISCONNECT where the version has one, flushes pending output, and closes. */
  public void close(ReasonCode reason, @Nullable String why) {
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

  /** Evicts the client: sends DISCONNECT, and handles packets it has already sent. */
  public void evict(ReasonCode reason, String why) {
    if (!closed && !lastWords.isEvicted()) {
      caller.closed(reason, why, false);
      handler().farewell(reason, why);
      output().end(caller.clientSocket().halfCloses());
      lastWords.evicted(reason, lane, this::heardNoMore);
      resume();
    }
  }

  private void heardNoMore() {
    ports.metrics().endedUnheard();
    leave();
  }

  /** Closes without an answer, as the client has sent DISCONNECT. */
  public void closeQuietly() {
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
    lastWords.end();
    deadline.cancel();
    handler().ended(reason);
    if (!decoding) {
      dropWhatWasRead();
    }
  }

  private void connectTimeOver() {
    if (handler().awaitsConnect()) {
      ports.metrics().refused(Limit.CONNECT_MILLIS_MAX);
      ports.metrics().protocolError();
      close(ReasonCode.MAXIMUM_CONNECT_TIME, "no CONNECT in time");
    } else {
      keepAlive.look();
    }
  }

  /** The timeout of the CONNECT in progress. */
  public ConnectDeadline deadline() {
    return deadline;
  }

  /** Whether this handles the packets now. */
  public boolean isAt(PacketHandler stage) {
    return handler() == stage;
  }

  /** How long one step of a plug-in or client may take before the client is connected. */
  public int connectTimeoutMillis() {
    return ports.options().connectTimeoutMillis();
  }

  public boolean isClosed() {
    return closed;
  }

  public Lane lane() {
    return lane;
  }

  public Caller caller() {
    return caller;
  }

  /**
   * Writes a packet the client waits for. Closes a client whose maximum packet size is smaller, as
   * it would wait for ever.
   */
  public void answer(Packet packet) {
    if (!output().write(packet)) {
      close(ReasonCode.PACKET_TOO_LARGE, "no room for " + packet.type());
    }
  }

  /** The version CONNECT named; null while it has named none. */
  public @Nullable ProtocolVersion version() {
    return decoder.version();
  }

  public ClientOutput output() {
    return pipeline().output();
  }

  private PacketHandler handler() {
    return pipeline().handler();
  }

  private SocketPipeline pipeline() {
    if (pipeline == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return pipeline;
  }
}
