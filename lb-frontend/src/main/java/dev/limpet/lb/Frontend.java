package dev.limpet.lb;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a listener sticky: reads CONNECT on every accepted socket, then hands it to the local
 * broker or relays it to the client's home. Keeps no table of clients.
 *
 * <p>Thread-safe; start and stop once. Keep a reference while it runs.
 */
public final class Frontend {

  private final Vertx vertx;
  private final FrontendOptions options;
  private final Placement placement;
  private final LocalHandover local;
  private final FrontendMetrics metrics;
  private final Map<EventLoop, FrontendLoop> loops = new IdentityHashMap<>();
  private UnaryOperator<NetClientOptions> relayOptions = UnaryOperator.identity();
  private BiConsumer<FrontendSocket, String> onRejected = (clientSocket, why) -> {};
  private volatile @Nullable FrontendParts running;

  /**
   * A frontend that is not started yet.
   *
   * @param vertx the sockets are on its event loops
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
    for (EventExecutor each : VertxInternals.eventLoops(vertx)) {
      EventLoop loop = (EventLoop) each;
      loops.put(loop, FrontendLoop.of(loop, vertx, options));
    }
  }

  /** Changes the options of the connections to other nodes; before {@link #start}. */
  public Frontend customizeRelays(UnaryOperator<NetClientOptions> change) {
    relayOptions = change;
    return this;
  }

  /**
   * Sets a listener told which sockets this closes, and why in words; call before {@link #start}.
   * Called on the socket's event loop, must not block; not called for clients that leave by
   * themselves or because it stops.
   */
  public Frontend onRejected(BiConsumer<FrontendSocket, String> listener) {
    onRejected = listener;
    return this;
  }

  /** From now on sockets may enter. */
  public void start() {
    NetClientOptions clientOptions = relayOptions.apply(BackendPool.clientOptions(options));
    BackendPool backends = new BackendPool(vertx, clientOptions, options, System::nanoTime);
    FrontendAdmission admission = new FrontendAdmission(options);
    metrics.register(admission, backends);
    running =
        new FrontendParts(options, placement, local, backends, admission, metrics, onRejected);
  }

  /**
   * Finds a socket its home, or closes it. Once it is handed over it is the local broker's to
   * close; until then, and while it is relayed, this does.
   *
   * @param clientSocket on its event loop, before a byte was read
   */
  public void enter(FrontendSocket clientSocket) {
    FrontendParts now = running;
    FrontendLoop loop = loops.get(clientSocket.socket().eventLoop());
    if (loop == null) {
      throw new IllegalArgumentException(
          "on no event loop of this frontend: " + clientSocket.socket());
    }
    if (now == null) {
      clientSocket.socket().close();
    } else {
      Handshake.start(now, clientSocket, loop);
    }
  }

  /**
   * Closes all relays to a node that has left the cluster or does not answer, so that their clients
   * come back and find their new home. Does nothing if it is not running. Thread-safe.
   */
  public void nodeLeft(String node) {
    FrontendParts now = running;
    if (now != null) {
      now.backends().forget(node);
    }
  }

  /**
   * Refuses new sockets, and closes handshakes and relays. Sockets that the local broker has taken
   * over stay as they are.
   */
  public Future<Void> stop() {
    FrontendParts now = running;
    if (now == null) {
      return Future.succeededFuture();
    }
    running = null;
    metrics.unregister();
    loops.forEach((loop, parts) -> loop.execute(parts.undecided()::rejectAll));
    return now.backends().close();
  }
}
