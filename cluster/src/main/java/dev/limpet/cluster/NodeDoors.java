package dev.limpet.cluster;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.listener.Doorway;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.lb.Frontend;
import dev.limpet.lb.FrontendMetrics;
import dev.limpet.lb.FrontendOptions;
import dev.limpet.lb.LocalHandover;
import dev.limpet.lb.Placement;
import dev.limpet.lb.Visitor;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a node where clients come in: sticky ones with a frontend each, direct ones, and the
 * relay port where the frontends of other nodes bring clients home. Bound before the node joins,
 * opened when it is ready. Thread-safe.
 */
final class NodeDoors {

  private static final int BACKLOG = 4_096;

  private final Vertx vertx;
  private final MeterRegistry registry;
  private final Placement placement;
  private final List<Frontend> frontends = new CopyOnWriteArrayList<>();
  private final List<Direct> direct = new CopyOnWriteArrayList<>();
  private final List<ListenerUri> bound = new CopyOnWriteArrayList<>();
  private final SocketAcceptor relay;
  private volatile int relayPort;
  private volatile @Nullable Consumer<NetSocket> receiver;
  private final FileWatch watch = new FileWatch();
  private final Doorways doorways;
  private final ConnectionOptions connection;

  /** The way from the frontends to the broker, once there is one. */
  private final class ToBroker implements LocalHandover {
    @Override
    public void accept(NetSocket socket) {
      Consumer<NetSocket> broker = receiver;
      if (broker == null) {
        throw new IllegalStateException("the broker is not ready");
      }
      broker.accept(socket);
    }

    @Override
    public boolean isOpen() {
      return receiver != null;
    }
  }

  /** A listener without a frontend. */
  private record Direct(SocketAcceptor acceptor, Doorway doorway) {
    void open(Consumer<NetSocket> broker) {
      acceptor.open(socket -> doorway.enter(socket, visitor -> broker.accept(visitor.socket())));
    }
  }

  /**
   * @param options with the address of the relay port and the bounds of connections
   */
  NodeDoors(
      Vertx vertx, ClusteredBrokerOptions options, Placement placement, MeterRegistry registry) {
    this.vertx = vertx;
    this.connection = options.broker().connection();
    this.placement = placement;
    this.registry = registry;
    this.relay = new SocketAcceptor(vertx, server(options.cluster().member().bindHost(), 0));
    this.doorways = new Doorways(registry, watch, options);
  }

  /** Binds all ports; fails with one sentence for the first that is not to be had. */
  Future<Void> bind(List<ListenerUri> listeners) {
    Future<Void> all =
        relay
            .listen()
            .onSuccess(port -> relayPort = port)
            .<Void>mapEmpty()
            .recover(failure -> refused("relay port", failure));
    for (ListenerUri listener : listeners) {
      all = all.compose(done -> bind(listener));
    }
    return all;
  }

  private Future<Void> bind(ListenerUri listener) {
    return vertx
        .executeBlocking(() -> doorways.open(listener), false)
        .compose(
            doorway ->
                listener.isSticky() ? bindSticky(listener, doorway) : bindDirect(listener, doorway))
        .onSuccess(actual -> bound.add(listener.at(actual)))
        .<Void>mapEmpty()
        .recover(failure -> refused("listener " + listener, failure));
  }

  private Future<Integer> bindSticky(ListenerUri listener, Doorway doorway) {
    FrontendOptions options =
        doorways
            .frontend()
            .host(listener.host())
            .port(listener.port())
            .connectBytesMax(connection.packets().connectBytesMax())
            .connectTimeoutMillis(connection.connectTimeoutMillis())
            .build();
    FrontendMetrics metrics = new FrontendMetrics(registry, listener.address().toString());
    Frontend frontend =
        new Frontend(vertx, options, placement, new ToBroker(), metrics)
            .behind(
                (socket, next) -> doorway.enter(socket, visitor -> next.accept(plain(visitor))));
    return frontend.start().onSuccess(done -> frontends.add(frontend)).map(done -> frontend.port());
  }

  private static Visitor plain(dev.limpet.broker.connection.listener.Visitor visitor) {
    return new Visitor(
        visitor.socket(),
        visitor.address(),
        visitor.halfCloses(),
        visitor.certificateName(),
        visitor.guards().name());
  }

  private Future<Integer> bindDirect(ListenerUri listener, Doorway doorway) {
    SocketAcceptor acceptor = new SocketAcceptor(vertx, server(listener.host(), listener.port()));
    direct.add(new Direct(acceptor, doorway));
    return acceptor.listen();
  }

  private static NetServerOptions server(String host, int port) {
    return new NetServerOptions()
        .setHost(host)
        .setPort(port)
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true);
  }

  private static Future<Void> refused(String what, Throwable failure) {
    if (failure instanceof FileProblemException) {
      return Future.failedFuture(
          new ConfigException(
              what
                  + " cannot be opened: "
                  + failure.getMessage()
                  + "; correct its cert, key or client-ca",
              failure));
    }
    return Future.failedFuture(
        new dev.limpet.cluster.member.NodeStartException(
            "the " + what + " cannot be opened: " + failure.getMessage(), failure));
  }

  /**
   * Lets clients in.
   *
   * @param mayRelay whether a host is one of the cluster's, whose word about a client's address
   *     counts
   */
  void open(Consumer<NetSocket> broker, Predicate<String> mayRelay) {
    // Only where clients show certificates somewhere is there a name that a peer could pass on.
    boolean namesUser = bound.stream().anyMatch(each -> each.terms().clientCa().isPresent());
    Doorway home = doorways.relay(mayRelay, namesUser);
    receiver = broker;
    direct.forEach(each -> each.open(broker));
    relay.open(socket -> home.enter(socket, visitor -> broker.accept(visitor.socket())));
  }

  int relayPort() {
    return relayPort;
  }

  /** All listeners with their real ports. */
  List<ListenerUri> bound() {
    return List.copyOf(bound);
  }

  /** The listeners of one kind, {@code host:port} each. */
  List<String> addresses(ListenerMode mode) {
    return bound.stream()
        .filter(listener -> listener.mode() == mode)
        .map(listener -> listener.address().toString())
        .toList();
  }

  /** A node left: clients relayed to it come back and find their new home. */
  void nodeLeft(String node) {
    frontends.forEach(frontend -> frontend.nodeLeft(node));
  }

  /** Stops steering; sockets served here may stay open as long as the grace. */
  Future<Void> closeFrontends(Duration grace) {
    return join(frontends.stream().map(frontend -> frontend.stop(grace)).toList());
  }

  /** Frees the other ports, with all their sockets. */
  Future<Void> closeAcceptors() {
    List<Future<Void>> closing = new ArrayList<>();
    direct.forEach(each -> closing.add(each.acceptor().close()));
    closing.add(relay.close());
    return join(closing).onComplete(closed -> watch.close());
  }

  private static Future<Void> join(List<Future<Void>> futures) {
    return Future.join(futures).mapEmpty();
  }
}
