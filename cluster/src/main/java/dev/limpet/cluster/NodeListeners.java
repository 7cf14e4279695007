package dev.limpet.cluster;

import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.events.Client;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.files.Reread;
import dev.limpet.broker.io.Acceptor;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.lb.Frontend;
import dev.limpet.lb.FrontendMetrics;
import dev.limpet.lb.FrontendOptions;
import dev.limpet.lb.FrontendSocket;
import dev.limpet.lb.LocalHandover;
import dev.limpet.lb.Placement;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Owns a node's ports for clients: sticky ones with a frontend each, direct ones, and the relay
 * port for the frontends of other nodes. Binds them before the node joins, opens them when it is
 * ready. Thread-safe.
 */
final class NodeListeners {

  private final Vertx vertx;
  private final MeterRegistry registry;
  private final Placement placement;
  private final List<Sticky> sticky = new CopyOnWriteArrayList<>();
  private final List<Direct> direct = new CopyOnWriteArrayList<>();
  private final List<ListenerUri> bound = new CopyOnWriteArrayList<>();
  private final Acceptor relay;
  private final String relayHost;
  private volatile int relayPort;
  private volatile @Nullable Consumer<ClientSocket> receiver;
  private final FileWatch watch = new FileWatch();
  private final ListenerFactory listenerFactory;
  private final EventLog events;

  /** The way from the frontends to the broker, once there is one. */
  private final class ToBroker implements LocalHandover {
    @Override
    public void accept(FrontendSocket socket) {
      Consumer<ClientSocket> broker = receiver;
      if (broker == null) {
        throw new IllegalStateException("the broker is not ready");
      }
      broker.accept((ClientSocket) Objects.requireNonNull(socket.attachment()));
    }

    @Override
    public boolean isOpen() {
      return receiver != null;
    }
  }

  /** A listener whose sockets go to their homes. */
  private record Sticky(Acceptor acceptor, Frontend frontend) {}

  /** A listener without a frontend. */
  private record Direct(Acceptor acceptor, ListenerPipeline pipeline) {
    void open(Consumer<ClientSocket> broker) {
      acceptor.open(socket -> pipeline.enter(socket, broker));
    }
  }

  /**
   * @param options with the address of the relay port and the bounds of connections
   * @param events told whom the listeners refuse
   */
  NodeListeners(
      Vertx vertx,
      ClusteredBrokerOptions options,
      Placement placement,
      MeterRegistry registry,
      EventLog events) {
    this.vertx = vertx;
    this.events = events;
    this.placement = placement;
    this.registry = registry;
    this.relay = new Acceptor(vertx);
    this.relayHost = options.cluster().member().bindHost();
    this.listenerFactory = new ListenerFactory(registry, watch, options, events);
  }

  /** Binds all ports; fails with one sentence for the first that is not to be had. */
  Future<Void> bind(List<ListenerUri> listeners) {
    Future<Void> all =
        relay
            .listen(relayHost, 0)
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
        .executeBlocking(() -> listenerFactory.open(listener), false)
        .compose(
            pipeline ->
                listener.isSticky()
                    ? bindSticky(listener, pipeline)
                    : bindDirect(listener, pipeline))
        .onSuccess(actual -> bound.add(listener.at(actual)))
        .<Void>mapEmpty()
        .recover(failure -> refused("listener " + listener, failure));
  }

  private Future<Integer> bindSticky(ListenerUri listener, ListenerPipeline pipeline) {
    FrontendOptions options = listenerFactory.frontend(listener);
    FrontendMetrics metrics = new FrontendMetrics(registry, listener.address().toString());
    Frontend frontend =
        new Frontend(vertx, options, placement, new ToBroker(), metrics)
            .onRejected((clientSocket, why) -> rejected(listener, clientSocket, why));
    frontend.start();
    Acceptor acceptor = new Acceptor(vertx);
    acceptor.onShortage(pipeline::makeRoom);
    acceptor.open(
        socket -> pipeline.enter(socket, clientSocket -> frontend.enter(plain(clientSocket))));
    return acceptor
        .listen(listener.host(), listener.port())
        .onSuccess(port -> sticky.add(new Sticky(acceptor, frontend)))
        .onFailure(failure -> frontend.stop());
  }

  private void rejected(ListenerUri listener, FrontendSocket clientSocket, String why) {
    String name = listener.scheme().word() + "://" + listener.address();
    events.tell(
        EventKind.SOCKET_REFUSED,
        Client.unknown(String.valueOf(clientSocket.address()), name),
        why);
  }

  private static FrontendSocket plain(ClientSocket clientSocket) {
    return new FrontendSocket(
        clientSocket.socket(),
        clientSocket.address(),
        clientSocket.halfCloses(),
        clientSocket.certificateName(),
        clientSocket.guards().name(),
        clientSocket,
        clientSocket::endWait);
  }

  private Future<Integer> bindDirect(ListenerUri listener, ListenerPipeline pipeline) {
    Acceptor acceptor = new Acceptor(vertx);
    acceptor.onShortage(pipeline::makeRoom);
    direct.add(new Direct(acceptor, pipeline));
    return acceptor.listen(listener.host(), listener.port());
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
  void open(Consumer<ClientSocket> broker, Predicate<String> mayRelay) {
    // Only where clients show certificates somewhere is there a name that a peer could pass on.
    boolean namesUser = bound.stream().anyMatch(each -> each.terms().clientCa().isPresent());
    ListenerPipeline home = listenerFactory.relay(mayRelay, namesUser);
    receiver = broker;
    direct.forEach(each -> each.open(broker));
    relay.open(socket -> home.enter(socket, broker));
  }

  int relayPort() {
    return relayPort;
  }

  /** All listeners with their real ports. */
  List<ListenerUri> bound() {
    return List.copyOf(bound);
  }

  /** The listeners of one kind, as others may know them. */
  List<String> endpoints(ListenerMode mode) {
    return bound.stream()
        .filter(listener -> listener.mode() == mode)
        .map(ListenerUri::endpoint)
        .toList();
  }

  /** Reads certificates again. Blocks. */
  List<Reread> readAgain() {
    return watch.readAgain();
  }

  /** A node left: clients relayed to it come back and find their new home. */
  void nodeLeft(String node) {
    sticky.forEach(each -> each.frontend().nodeLeft(node));
  }

  /** Stops steering; sockets served here may stay open as long as the grace. */
  Future<Void> closeFrontends(Duration grace) {
    List<Future<Void>> closing = new ArrayList<>();
    for (Sticky each : sticky) {
      closing.add(each.acceptor().close(grace));
      closing.add(each.frontend().stop());
    }
    return join(closing);
  }

  /** Frees the other ports, with all their sockets. */
  Future<Void> closeAcceptors() {
    List<Future<Void>> closing = new ArrayList<>();
    direct.forEach(each -> closing.add(each.acceptor().close(Duration.ZERO)));
    closing.add(relay.close(Duration.ZERO));
    return join(closing).onComplete(closed -> watch.close());
  }

  private static Future<Void> join(List<Future<Void>> futures) {
    return Future.join(futures).mapEmpty();
  }
}
