package dev.limpet.lb;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pipes bytes between a client and its home: applies back-pressure both ways, passes FIN on (the
 * home's after a {@link LastLook} at the client), and when one side is gone, flushes the queue to
 * the other and closes it. Both channels are on one event loop, to which everything but {@link
 * #abort} and {@link #node} is confined.
 */
final class Relay {

  private static final String HANDLER = "limpet-relay";

  /** Two segments of the loopback interface: with less, TCP falls into waits of 200 ms. */
  private static final int RECEIVE_BUFFER_BYTES_MIN = 128 * 1024;

  private final String node;
  private final RelaySide client;
  private final RelaySide backend;
  private final FrontendParts parts;
  private int sidesOpen = 2;
  private @Nullable ScheduledFuture<?> linger;

  private Relay(FrontendParts parts, String node, FrontendSocket client, NetSocket backend) {
    this.parts = parts;
    this.node = node;
    this.client = new RelaySide(this, client.halfCloses(), parts.metrics().relayedToHome());
    this.backend = new RelaySide(this, !backend.isSsl(), parts.metrics().relayedToClient());
    this.client.join(this.backend);
    this.backend.join(this.client);
  }

  /**
   * Puts the pipe in place and sends the PROXY header. Call {@link #begin} when everything has been
   * passed on that was read before.
   */
  static Relay open(FrontendParts parts, String node, FrontendSocket client, NetSocket backend) {
    Relay relay = new Relay(parts, node, client, backend);
    Channel socket = client.socket();
    relay.configure(socket);
    socket.pipeline().addLast(HANDLER, relay.client);
    ChannelHandlerContext vertx = VertxInternals.handler(backend);
    relay.configure(vertx.channel());
    vertx.pipeline().addBefore(vertx.name(), HANDLER, relay.backend);
    relay.backend.write(ProxyHeaderWriter.encode(client, localAddress(socket)));
    backend.shutdownHandler(grace -> relay.abort());
    parts.backends().opened(relay);
    return relay;
  }

  private void configure(Channel socket) {
    FrontendOptions options = parts.options();
    int queueBytesMax = options.relay().queueBytesMax();
    ChannelConfig config = socket.config();
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setWriteBufferWaterMark(new WriteBufferWaterMark(queueBytesMax / 2, queueBytesMax));
    // After FIN, epoll reads all that the kernel holds, whether we can send it on or not: so the
    // kernel must not hold much. Fixes the buffer that it would otherwise grow to megabytes.
    config.setOption(ChannelOption.SO_RCVBUF, receiveBytesMax());
  }

  private int receiveBytesMax() {
    return Math.max(parts.options().relay().queueBytesMax(), RECEIVE_BUFFER_BYTES_MIN);
  }

  private static @Nullable SocketAddress localAddress(Channel socket) {
    return socket.localAddress() instanceof InetSocketAddress inet
        ? SocketAddress.inetSocketAddress(inet)
        : null;
  }

  /**
   * Reads on from the client.
   *
   * @param clientInputClosed whether the client has already sent FIN
   */
  void begin(boolean clientInputClosed) {
    if (clientInputClosed) {
      client.inputShutdown();
    }
    client.readIfPeerHasRoom();
  }

  /** Name of the home. */
  String node() {
    return node;
  }

  /** Bytes waiting in both directions. */
  long queuedBytes() {
    return client.queuedBytes() + backend.queuedBytes();
  }

  /** How long one side may take nothing while its queue is full. */
  int stallMillis() {
    return parts.options().relay().stallMillis();
  }

  /** One side has taken nothing for too long. */
  void stalled() {
    parts.metrics().stalled();
    abort();
  }

  /**
   * One side has sent FIN. The other gets it after the queued bytes; but a home that ends the
   * connection first gets the bytes its client had sent by then.
   */
  void inputEnded(RelaySide side) {
    endsSoon();
    if (isHome(side) && !client.isInputOver()) {
      new LastLook(client, backend, 2L * receiveBytesMax())
          .begin(); // Linux doubles the requested size
    } else {
      other(side).endOutput();
    }
  }

  /**
   * Whether a client outlives its home: it has its FIN, and closes by itself or when time is up.
   */
  boolean endsByFin(RelaySide side) {
    return isHome(side) && side.endsPeerByFin();
  }

  @SuppressWarnings("ReferenceEquality") // a side is one object
  private boolean isHome(RelaySide side) {
    return side == backend;
  }

  private RelaySide other(RelaySide side) {
    return isHome(side) ? client : backend;
  }

  /** From the first FIN or close on, the rest may take only so long. */
  private void endsSoon() {
    if (linger == null) {
      linger =
          client
              .context()
              .executor()
              .schedule(this::abort, parts.options().relay().lingerMillis(), TimeUnit.MILLISECONDS);
    }
  }

  void sideClosed() {
    endsSoon();
    sidesOpen--;
    if (sidesOpen == 0) {
      if (linger != null) {
        linger.cancel(false);
      }
      parts.backends().closed(this);
    }
  }

  /** Closes both sides without waiting for anything. Thread-safe. */
  void abort() {
    client.close();
    backend.close();
  }
}
