package dev.limpet.lb;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sticky listener: reads CONNECT on every new connection, then hands the socket to the local
 * broker or relays it to the client's home. Keeps no table of clients.
 *
 * <p>Thread-safe; start and stop once. Keep a reference while it runs.
 */
public final class Frontend {

  /**
   * Vert.x shares one listening socket between servers that ask for the same negative port, and
   * takes any free port for it: one number per frontend with port 0.
   */
  private static final AtomicInteger FREE_PORT_GROUPS = new AtomicInteger();

  private final Vertx vertx;
  private final FrontendOptions options;
  private final Placement placement;
  private final LocalHandover local;
  private final FrontendMetrics metrics;
  private Doorstep doorstep = Doorstep.NONE;
  private UnaryOperator<NetServerOptions> serverOptions = UnaryOperator.identity();
  private UnaryOperator<NetClientOptions> relayOptions = UnaryOperator.identity();
  private volatile @Nullable Running running;
  private volatile Duration stopGrace = Duration.ZERO;

  private record Running(String deployment, BackendPool backends, int port) {}

  /**
   * A frontend that is not started yet.
   *
   * @param vertx its event loops and transport serve the connections
   * @param options bounds and times
   * @param placement client id → home
   * @param local takes over the sockets that are served here
   * @param metrics one per frontend
   */
  public Frontend(
      Vertx vertx,
      FrontendOptions options,
      Placement placement,
      LocalHandover local,
      FrontendMetrics metrics) {
    this.vertx = vertx;
    this.options = options;
    this.placement = placement;
    this.local = local;
    this.metrics = metrics;
  }

  /** Changes the listener's options (TLS, PROXY protocol); before {@link #start}. */
  public Frontend customizeServer(UnaryOperator<NetServerOptions> change) {
    serverOptions = change;
    return this;
  }

  /** Leads every accepted socket through a doorstep first; before {@link #start}. */
  public Frontend behind(Doorstep newDoorstep) {
    doorstep = newDoorstep;
    return this;
  }

  /** Changes the options of the connections to other nodes; before {@link #start}. */
  public Frontend customizeRelays(UnaryOperator<NetClientOptions> change) {
    relayOptions = change;
    return this;
  }

  /**
   * Listens on all event loops; fails with what the operating system says, and then leaves nothing.
   */
  public Future<Void> start() {
    NetClientOptions clientOptions = relayOptions.apply(BackendPool.clientOptions(options));
    BackendPool backends = new BackendPool(vertx, clientOptions, options, System::nanoTime);
    Admission admission = new Admission(options);
    FrontendParts parts =
        new FrontendParts(options, placement, local, doorstep, backends, admission, metrics);
    int port = options.port() == 0 ? -FREE_PORT_GROUPS.incrementAndGet() : options.port();
    AtomicInteger boundPort = new AtomicInteger();
    return vertx
        .deployVerticle(
            () -> new FrontendListener(parts, listenOptions(port), boundPort, () -> stopGrace),
            new DeploymentOptions().setInstances(instances()))
        .onSuccess(
            deployment -> {
              metrics.register(admission, backends);
              running = new Running(deployment, backends, boundPort.get());
            })
        .onFailure(failure -> backends.close())
        .mapEmpty();
  }

  private NetServerOptions listenOptions(int port) {
    return serverOptions.apply(
        new NetServerOptions()
            .setHost(options.host())
            .setPort(port)
            .setAcceptBacklog(options.acceptBacklog())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setReusePort(false));
  }

  private int instances() {
    if (options.eventLoops() > 0) {
      return options.eventLoops();
    }
    int loops = 0;
    for (EventExecutor ignored : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      loops++;
    }
    return loops;
  }

  /**
   * The port it listens on.
   *
   * @throws IllegalStateException if it is not started
   */
  public int port() {
    return running().port();
  }

  private Running running() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the frontend is not started");
    }
    return now;
  }

  /**
   * Closes all relays to a node that has left the cluster or does not answer, so that their clients
   * come back and find their new home. Does nothing if it is not running. Thread-safe.
   */
  public void nodeLeft(String node) {
    Running now = running;
    if (now != null) {
      now.backends().forget(node);
    }
  }

  /** Stops at once: {@link #stop(Duration)} without grace. */
  public Future<Void> stop() {
    return stop(Duration.ZERO);
  }

  /**
   * Stops listening and closes handshakes and relays at once. Sockets that the local broker has
   * taken over may stay open as long as the grace; the result comes when all are closed.
   */
  public Future<Void> stop(Duration grace) {
    Running now = running;
    if (now == null) {
      return Future.succeededFuture();
    }
    running = null;
    stopGrace = grace;
    metrics.unregister();
    return vertx.undeploy(now.deployment()).eventually(() -> now.backends().close());
  }
}
