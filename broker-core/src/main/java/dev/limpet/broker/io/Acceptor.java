package dev.limpet.broker.io;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Closeable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a TCP port of a node. Accepts on one event loop and hands sockets to all loops in
 * turn: with one loop a socket never changes threads. A port may be bound before the node can serve
 * it; until it is opened, it closes every new connection.
 *
 * <p>Thread-safe; listens once. Closing the Vert.x instance closes it.
 */
public final class Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  /** Linux's own ceiling: after a crash all clients of a node come back at once. */
  private static final int BACKLOG = 4_096;

  /** Without a descriptor left, asking again at once would only burn the processor. */
  private static final long PAUSE_MILLIS = 1_000;

  /** Until sockets that are closed have given their descriptors back. */
  private static final long CLOSING_MILLIS = 10;

  /** As many as Netty accepts at once. */
  private static final int ROOM = 16;

  private static final long WARN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final VertxInternal vertx;
  private final EventLoopGroup loops;
  private final EventLoop own;
  private final ChannelGroup sockets;
  private final Closeable closeWithVertx = done -> close(Duration.ZERO).onComplete(done);
  private volatile Consumer<Channel> receiver = Channel::close;
  private volatile BooleanSupplier makeRoom = () -> false;
  private volatile @Nullable Channel server;

  /**
   * @param vertx whose transport and event loops serve the sockets
   */
  public Acceptor(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
    this.loops = this.vertx.nettyEventLoopGroup();
    this.own = loops.next();
    this.sockets = new DefaultChannelGroup(own, true);
  }

  /**
   * Binds the port.
   *
   * @param host name or address to listen on
   * @param port 0 for any free one
   * @return the port; fails with the operating system's error, and then leaves nothing behind
   */
  public Future<Integer> listen(String host, int port) {
    return vertx
        .executeBlocking(() -> new InetSocketAddress(InetAddress.getByName(host), port), false)
        .compose(this::bind);
  }

  private Future<Integer> bind(InetSocketAddress address) {
    Channel created = vertx.transport().serverChannelFactory(false).newChannel();
    created.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    created.pipeline().addLast(new Entrance());
    Promise<Integer> bound = Promise.promise();
    own.register(created)
        .addListener(
            (ChannelFutureListener)
                registered -> {
                  if (registered.isSuccess()) {
                    created.bind(address).addListener(tried(bound));
                  } else {
                    bound.fail(registered.cause());
                  }
                });
    return bound.future();
  }

  private ChannelFutureListener tried(Promise<Integer> bound) {
    return tried -> {
      Channel created = tried.channel();
      if (!tried.isSuccess()) {
        created.close();
        bound.fail(tried.cause());
        return;
      }
      server = created;
      vertx.addCloseHook(closeWithVertx);
      bound.complete(((InetSocketAddress) created.localAddress()).getPort());
    };
  }

  /** From now on sockets go to the receiver, each on its event loop and before a byte was read. */
  public void open(Consumer<Channel> newReceiver) {
    receiver = newReceiver;
  }

  /**
   * Where to ask for room when the process has no file descriptor left.
   *
   * @param closeOne closes a socket that can be spared; false when there is none
   */
  public void onShortage(BooleanSupplier closeOne) {
    makeRoom = closeOne;
  }

  /**
   * Frees the port at once.
   *
   * @param grace how long the sockets may stay open
   * @return done when all of them are closed
   */
  public Future<Void> close(Duration grace) {
    Promise<Void> closed = Promise.promise();
    Channel listening = server;
    if (listening == null) {
      closed.complete();
    } else {
      listening.close().addListener(freed -> closeSockets(grace, closed));
    }
    return closed.future();
  }

  private void closeSockets(Duration grace, Promise<Void> closed) {
    vertx.removeCloseHook(closeWithVertx);
    ScheduledFuture<?> timeout =
        own.schedule(() -> sockets.close(), grace.toMillis(), TimeUnit.MILLISECONDS);
    sockets
        .newCloseFuture()
        .addListener(
            all -> {
              timeout.cancel(false);
              closed.complete();
            });
  }

  /**
   * Begins to serve a socket, on its event loop: on another thread the loop could read from it, and
   * find no handler, before it is handed over.
   */
  private void register(Channel socket, EventLoop loop) {
    SocketReads.attachTo(socket);
    loop.register(socket).addListener((ChannelFutureListener) this::enter);
  }

  private void enter(ChannelFuture registered) {
    Channel socket = registered.channel();
    if (!registered.isSuccess() || socket.remoteAddress() == null) {
      LOG.debug("{} closed before it was served", socket, registered.cause());
      socket.unsafe().closeForcibly();
      return;
    }
    try {
      // Detects a client without keep alive that vanishes silently.
      socket.config().setOption(ChannelOption.SO_KEEPALIVE, true);
      sockets.add(socket);
      receiver.accept(socket);
    } catch (RuntimeException e) {
      LOG.error("{} could not be served", socket, e);
      socket.close();
    }
  }

  /** Handles accepted sockets. Confined to its event loop. */
  private final class Entrance extends ChannelInboundHandlerAdapter {
    private boolean warned;
    private long warnedNanos;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      Channel socket = (Channel) message;
      EventLoop loop = loops.next();
      if (loop.inEventLoop()) {
        register(socket, loop);
      } else {
        loop.execute(() -> register(socket, loop));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      warn(ctx, cause);
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true),
              makeRoom() ? CLOSING_MILLIS : PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    }

    private boolean makeRoom() {
      int made = 0;
      while (made < ROOM && makeRoom.getAsBoolean()) {
        made++;
      }
      return made > 0;
    }

    /** Warns once a minute, since this may last for hours. */
    private void warn(ChannelHandlerContext ctx, Throwable cause) {
      long nowNanos = System.nanoTime();
      if (!warned || nowNanos - warnedNanos > WARN_NANOS) {
        warned = true;
        warnedNanos = nowNanos;
        LOG.warn(
            "{} cannot accept and will retry soon; are there too few file descriptors"
                + " (ulimit -n)?",
            ctx.channel().localAddress(),
            cause);
      }
    }
  }
}
