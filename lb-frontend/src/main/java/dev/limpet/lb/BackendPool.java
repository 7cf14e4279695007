package dev.limpet.lb;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the other nodes: holds one client for all relays, each node's health, and the open
 * relays. Relay connections are never reused: each belongs to one client. Thread-safe: concurrent
 * maps.
 *
 * <p>Keep a strong reference: Vert.x closes the sockets of a client that becomes unreachable.
 */
final class BackendPool {

  private static final Logger LOG = LoggerFactory.getLogger(BackendPool.class);

  private final NetClient client;
  private final FrontendOptions options;
  private final LongSupplier nanoClock;

  /** Only nodes that failed since their last success; {@link #forget} takes the others out. */
  private final Map<String, BackendHealth> failing = new ConcurrentHashMap<>();

  /** Bounded by {@link FrontendOptions#connectionsMax()}. */
  private final Set<Relay> relays = ConcurrentHashMap.newKeySet();

  BackendPool(
      Vertx vertx,
      NetClientOptions clientOptions,
      FrontendOptions options,
      LongSupplier nanoClock) {
    this.client = vertx.createNetClient(clientOptions);
    this.options = options;
    this.nanoClock = nanoClock;
  }

  /** The client options that the other options ask for. */
  static NetClientOptions clientOptions(FrontendOptions options) {
    return new NetClientOptions()
        .setConnectTimeout(options.relay().connectTimeoutMillis())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true);
  }

  /** Whether the node is worth a connection; see {@link BackendHealth#mayTry}. */
  boolean mayTry(String node) {
    BackendHealth health = failing.get(node);
    return health == null || health.mayTry(nanoClock.getAsLong());
  }

  /** Connects, on the calling Vert.x context, and accounts how that went. */
  Future<NetSocket> connect(Home.Remote home) {
    return client
        .connect(home.relayAddress())
        .onComplete(socket -> failing.remove(home.node()), failure -> failed(home, failure));
  }

  private void failed(Home.Remote home, Throwable failure) {
    BackendHealth health = failing.computeIfAbsent(home.node(), node -> newHealth());
    if (health.failed(nanoClock.getAsLong())) {
      LOG.warn(
          "skipping node {} for a while: cannot connect to {}",
          home.node(),
          home.relayAddress(),
          failure);
    }
  }

  private BackendHealth newHealth() {
    return new BackendHealth(
        options.backend().failuresMax(),
        TimeUnit.MILLISECONDS.toNanos(options.backend().retryMillis()));
  }

  /** Forgets a node that has left, and drops its relays. */
  void forget(String node) {
    failing.remove(node);
    for (Relay relay : relays) {
      if (relay.node().equals(node)) {
        relay.abort();
      }
    }
  }

  void opened(Relay relay) {
    relays.add(relay);
  }

  void closed(Relay relay) {
    relays.remove(relay);
  }

  Set<Relay> relays() {
    return relays;
  }

  /** Bytes queued in all relays. */
  long queuedBytes() {
    return relays.stream().mapToLong(Relay::queuedBytes).sum();
  }

  Future<Void> close() {
    relays.forEach(Relay::abort);
    return client.close();
  }
}
