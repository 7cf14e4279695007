package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.delivery.Lanes;
import dev.limpet.broker.spi.ClientOrigin;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
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
    NetServerOptions shared = new NetServerOptions(options);
    if (options.getPort() == 0) {
      shared.setPort(-RANDOM_PORTS.incrementAndGet());
    }
    Promise<Integer> port = Promise.promise();
    return vertx
        .deployVerticle(
            () -> new Acceptor(shared, port),
            new DeploymentOptions().setInstances(lanes.all().size()))
        .compose(deployed -> port.future());
  }

  /** Takes over a socket, with all bytes still to be read. On the socket's event loop. */
  public void accept(NetSocket socket) {
    ChannelHandlerContext vertxContext = ((NetSocketInternal) socket).channelHandlerContext();
    if (stopping) {
      vertxContext.close();
      return;
    }
    Lane lane = lanes.of(vertxContext.channel().eventLoop());
    ClientOrigin origin = new ClientOrigin(String.valueOf(socket.remoteAddress()), null);
    vertxContext
        .pipeline()
        .addBefore(VERTX_HANDLER, "limpet-mqtt", new MqttConnection(ports, lane, origin));
  }

  /** From now on new sockets are closed at once. */
  public void stopAccepting() {
    stopping = true;
  }

  /** One server for one event loop. */
  private final class Acceptor extends VerticleBase {
    private final NetServerOptions options;
    private final Promise<Integer> port;
    private @Nullable NetServer server;

    Acceptor(NetServerOptions options, Promise<Integer> port) {
      this.options = options;
      this.port = port;
    }

    @Override
    public Future<?> start() {
      NetServer created = vertx.createNetServer(options).connectHandler(MqttListener.this::accept);
      server = created;
      return created.listen().onSuccess(bound -> port.tryComplete(bound.actualPort()));
    }

    @Override
    public Future<?> stop() {
      return server == null ? Future.succeededFuture() : server.close();
    }
  }
}
