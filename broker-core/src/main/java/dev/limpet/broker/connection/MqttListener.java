package dev.limpet.broker.connection;

import dev.limpet.broker.connection.listener.Doorway;
import dev.limpet.broker.connection.listener.Visitor;
import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.delivery.Lanes;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts sockets and makes each an MQTT connection on the lane of its event loop.
 *
 * <p>Thread-safe.
 */
public final class MqttListener {
  /** Vert.x's handler in a socket's pipeline; ours stands before it and lets nothing through. */
  private static final String VERTX_HANDLER = "handler";

  /** Servers that share one random port have the same negative number. */
  private static final AtomicInteger RANDOM_PORTS = new AtomicInteger();

  private final ConnectionPorts ports;
  private final Lanes lanes;
  private volatile boolean stopping;

  public MqttListener(ConnectionPorts ports) {
    this.ports = ports;
    this.lanes = ports.routing().lanes();
  }

  /**
   * Listens on all event loops of {@code vertx}.
   *
   * @param options with host and port; port 0 for any free one
   * @return the port; fails with what the operating system says, and then leaves nothing behind
   */
  public Future<Integer> listen(Vertx vertx, NetServerOptions options) {
    return listen(vertx, options, this::accept);
  }

  /** The same for sockets that have to go through a doorway first. */
  public Future<Integer> listen(Vertx vertx, NetServerOptions options, Doorway doorway) {
    return listen(
        vertx, options, socket -> doorway.enter(socket, visitor -> accept(visitor.socket())));
  }

  private Future<Integer> listen(
      Vertx vertx, NetServerOptions options, Handler<NetSocket> onSocket) {
    NetServerOptions shared = new NetServerOptions(options);
    if (options.getPort() == 0) {
      shared.setPort(-RANDOM_PORTS.incrementAndGet());
    }
    Promise<Integer> port = Promise.promise();
    return vertx
        .deployVerticle(
            () -> new Acceptor(shared, port, onSocket),
            new DeploymentOptions().setInstances(lanes.all().size()))
        .compose(deployed -> port.future());
  }

  /** Takes over a socket, with all bytes still to be read. On the socket's event loop. */
  public void accept(NetSocket socket) {
    ChannelHandlerContext vertxContext = ((NetSocketInternal) socket).channelHandlerContext();
    boolean draining = stopping;
    if (draining && ports.options().protocol().serverReference() == null) {
      vertxContext.close();
      return;
    }
    Lane lane = lanes.of(vertxContext.channel().eventLoop());
    Visitor visitor = Visitor.of(socket, vertxContext.channel());
    vertxContext
        .pipeline()
        .addBefore(
            VERTX_HANDLER, "limpet-mqtt", new MqttConnection(ports, lane, visitor, draining));
  }

  /** From now on new sockets are closed at once, or told to go to the other server there is. */
  public void stopAccepting() {
    stopping = true;
  }

  /** One server for one event loop. */
  private static final class Acceptor extends VerticleBase {
    private final NetServerOptions options;
    private final Promise<Integer> port;
    private final Handler<NetSocket> onSocket;
    private @Nullable NetServer server;

    Acceptor(NetServerOptions options, Promise<Integer> port, Handler<NetSocket> onSocket) {
      this.options = options;
      this.port = port;
      this.onSocket = onSocket;
    }

    @Override
    public Future<?> start() {
      NetServer created = vertx.createNetServer(options).connectHandler(onSocket);
      server = created;
      return created.listen().onSuccess(bound -> port.tryComplete(bound.actualPort()));
    }

    @Override
    public Future<?> stop() {
      return server == null ? Future.succeededFuture() : server.close();
    }
  }
}
