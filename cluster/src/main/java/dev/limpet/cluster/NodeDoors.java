package dev.limpet.cluster;

import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.lb.Frontend;
import dev.limpet.lb.FrontendMetrics;
import dev.limpet.lb.FrontendOptions;
import dev.limpet.lb.Placement;
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
  private final List<SocketAcceptor> direct = new CopyOnWriteArrayList<>();
  private final List<ListenerUri> bound = new CopyOnWriteArrayList<>();
  private final SocketAcceptor relay;
  private volatile int relayPort;
  private volatile Consumer<NetSocket> receiver = NetSocket::close;

  /**
   * @param bindHost of the relay port
   */
  NodeDoors(Vertx vertx, String bindHost, Placement placement, MeterRegistry registry) {
    this.vertx = vertx;
    this.placement = placement;
    this.registry = registry;
    this.relay = new SocketAcceptor(vertx, server(bindHost, 0).setUseProxyProtocol(true));
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
    Future<Integer> port = listener.isSticky() ? bindSticky(listener) : bindDirect(listener);
    return port.onSuccess(
            actual -> bound.add(new ListenerUri(listener.host(), actual, listener.mode())))
        .<Void>mapEmpty()
        .recover(failure -> refused("listener " + listener, failure));
  }

  private Future<Integer> bindSticky(ListenerUri listener) {
    FrontendOptions options =
        FrontendOptions.builder().host(listener.host()).port(listener.port()).build();
    FrontendMetrics metrics = new FrontendMetrics(registry, listener.address().toString());
    Frontend frontend =
        new Frontend(vertx, options, placement, socket -> receiver.accept(socket), metrics);
    return frontend.start().onSuccess(done -> frontends.add(frontend)).map(done -> frontend.port());
  }

  private Future<Integer> bindDirect(ListenerUri listener) {
    SocketAcceptor acceptor = new SocketAcceptor(vertx, server(listener.host(), listener.port()));
    direct.add(acceptor);
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
    return Future.failedFuture(
        new dev.limpet.cluster.member.NodeStartException(
            "The " + what + " cannot be opened: " + failure.getMessage() + ".", failure));
  }

  /**
   * Lets clients in.
   *
   * @param mayRelay whether a host is one of the cluster's, whose word about a client's address
   *     counts
   */
  void open(Consumer<NetSocket> broker, Predicate<String> mayRelay) {
    receiver = broker;
    direct.forEach(acceptor -> acceptor.open(broker));
    relay.open(
        socket -> {
          if (mayRelay.test(socket.remoteAddress(true).hostAddress())) {
            broker.accept(socket);
          } else {
            socket.close();
          }
        });
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
    direct.forEach(acceptor -> closing.add(acceptor.close()));
    closing.add(relay.close());
    return join(closing);
  }

  private static Future<Void> join(List<Future<Void>> futures) {
    return Future.join(futures).mapEmpty();
  }
}
