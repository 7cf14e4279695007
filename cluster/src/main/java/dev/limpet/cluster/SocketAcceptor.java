package dev.limpet.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A port that is bound before there is a broker behind it, because the node has to announce it when
 * it joins; until it is opened, whoever connects is closed. Thread-safe.
 */
final class SocketAcceptor {

  /** Servers that share one random port have the same negative number; the broker has its own. */
  private static final AtomicInteger RANDOM_PORTS = new AtomicInteger(1_000_000);

  private final Vertx vertx;
  private final NetServerOptions options;
  private volatile Consumer<NetSocket> receiver = NetSocket::close;
  private volatile @Nullable String deployment;

  SocketAcceptor(Vertx vertx, NetServerOptions options) {
    this.vertx = vertx;
    this.options = new NetServerOptions(options);
    if (options.getPort() == 0) {
      this.options.setPort(-RANDOM_PORTS.incrementAndGet());
    }
  }

  /**
   * Binds on all event loops.
   *
   * @return the port; fails with what the operating system says
   */
  Future<Integer> listen() {
    Promise<Integer> port = Promise.promise();
    return vertx
        .deployVerticle(
            () -> new Listener(port), new DeploymentOptions().setInstances(eventLoops()))
        .onSuccess(id -> deployment = id)
        .compose(id -> port.future());
  }

  /** From now on sockets go to the receiver, on their event loops. */
  void open(Consumer<NetSocket> newReceiver) {
    receiver = newReceiver;
  }

  /** Frees the port and closes the sockets it accepted. */
  Future<Void> close() {
    String deployed = deployment;
    deployment = null;
    return deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
  }

  private int eventLoops() {
    int loops = 0;
    for (EventExecutor ignored : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      loops++;
    }
    return loops;
  }

  /** One server for one event loop. */
  private final class Listener extends VerticleBase {
    private final Promise<Integer> port;
    private @Nullable NetServer server;

    Listener(Promise<Integer> port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      NetServer created =
          vertx.createNetServer(options).connectHandler(socket -> receiver.accept(socket));
      server = created;
      return created.listen().onSuccess(bound -> port.tryComplete(bound.actualPort()));
    }

    @Override
    public Future<?> stop() {
      return server == null ? Future.succeededFuture() : server.close();
    }
  }
}
