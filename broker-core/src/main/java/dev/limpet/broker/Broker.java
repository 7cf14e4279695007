package dev.limpet.broker;

import dev.limpet.broker.connection.Admission;
import dev.limpet.broker.connection.SocketPorts;
import dev.limpet.broker.connection.WaitingPublications;
import dev.limpet.broker.connection.attachment.Attachments;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.attachment.HomeNotifier;
import dev.limpet.broker.connection.connect.MqttListener;
import dev.limpet.broker.connection.contest.ContestedIds;
import dev.limpet.broker.connection.contest.PausedConnects;
import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.LocalDelivery;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.delivery.RouteUsers;
import dev.limpet.broker.delivery.Subscriptions;
import dev.limpet.broker.guard.GuardedCluster;
import dev.limpet.broker.guard.GuardedEvents;
import dev.limpet.broker.guard.GuardedRetainedStore;
import dev.limpet.broker.guard.GuardedSessionStore;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.io.Lanes;
import dev.limpet.broker.io.SocketBudget;
import dev.limpet.broker.io.VertxInternals;
import dev.limpet.broker.memory.MemoryGuard;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.metrics.Traffic;
import dev.limpet.broker.routing.ClusterEntrance;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.RoutingServices;
import dev.limpet.broker.routing.WillClock;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.session.QueueBudget;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.store.Stores;
import dev.limpet.broker.sys.SysPublisher;
import dev.limpet.broker.sys.SysRetained;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Runs the broker of one node: wires its parts together and opens its listeners. Its {@link
 * BrokerPorts} hold everything it shares with other nodes, if any.
 *
 * <p>Thread-safe.
 */
public final class Broker {
  /** How often the guard looks at memory. */
  private static final long MEMORY_LOOK_MILLIS = 250;

  private final Vertx vertx;
  private final BrokerOptions options;
  private final BrokerPorts ports;
  private final Attachments attachments = new Attachments();
  private final Subscriptions subscriptions;
  private final WillClock wills;
  private final Router router;
  private final ClusterEntrance entrance;
  private final MqttListener listener;
  private final QueueBudget queues;
  private final SocketBudget sockets;
  private final WaitingPublications waiting = new WaitingPublications(NodeLimits.heapPercent(12));
  private final MemoryGuard memory;
  private final Lanes lanes;
  private final SysPublisher sys;
  private volatile boolean stopped;

  /**
   * @param vertx whose event loops become the lanes; it stays the caller's to close
   * @throws IllegalStateException when an older Netty or Vert.x comes first on the class path
   */
  public Broker(Vertx vertx, BrokerOptions options, BrokerPorts ports) {
    ClassPathCheck.require();
    this.vertx = vertx;
    this.options = options;
    this.ports = guarded(ports);
    this.lanes = new Lanes(VertxInternals.eventLoops(vertx));
    BrokerMetrics metrics = new BrokerMetrics(ports.registry());
    RouteUsers routes = new RouteUsers(this.ports.cluster().routes());
    this.subscriptions =
        new Subscriptions(new LocalSubscriptions(routes), new DurableSubscriptions(routes));
    NodeLimits node = options.node();
    this.queues = new QueueBudget(node.sendQueueMessagesMax(), node.sendQueueBytesMax());
    this.sockets =
        new SocketBudget(
            node.socketBytesMax(),
            options.connection().connectTimeoutMillis(),
            lanes.all(),
            metrics);
    this.memory =
        new MemoryGuard(
            node.memoryCeilingBytes(), ports.memory(), this::queuedBytes, sockets::bytes, queues);
    RoutingPorts routing = routing(metrics);
    this.router = new Router(routing, options.shareStrategy());
    this.wills = new WillClock(routing, router);
    this.entrance = new ClusterEntrance(routing, router, wills, attachments, routes);
    this.listener = new MqttListener(connections(routing));
    this.sys = new SysPublisher(routing, router, ports.registry(), options.sysIntervalSeconds());
    routes.register(metrics);
    register(metrics);
    ports.guards().authorizer().onChange(attachments::recheck);
    ports.guards().authenticator().onRevoked(users -> attachments.revoke(null, users));
  }

  /** Turns exceptions of ports into failed stages. */
  private BrokerPorts guarded(BrokerPorts ports) {
    return new BrokerPorts(
        new GuardedCluster(ports.cluster()),
        new Stores(
            new GuardedSessionStore(ports.stores().sessions(), this::isMemoryShort),
            new GuardedRetainedStore(ports.stores().retained())),
        ports.guards(),
        ports.events(),
        ports.eventLog(),
        ports.memory(),
        ports.registry(),
        ports.wallMillis());
  }

  private RoutingPorts routing(BrokerMetrics metrics) {
    return new RoutingPorts(
        ports.cluster(),
        new Stores(
            ports.stores().sessions(),
            new SysRetained(ports.stores().retained(), ports.wallMillis())),
        lanes,
        subscriptions,
        new LocalDelivery(new Drops(metrics, ports.eventLog())),
        new PublicationIds(ports.cluster().membership().self()),
        metrics,
        ports.wallMillis());
  }

  private ConnectionPorts connections(RoutingPorts routing) {
    Admission admission =
        new Admission(
            memory,
            () -> subscriptions.durable().size() < options.node().sessionsMax(),
            queues,
            sockets,
            waiting);
    admission.register(routing.metrics());
    PausedConnects paused =
        new PausedConnects(
            new ContestedIds(options.connection().takeover().pauseMillisMax(), System::nanoTime));
    paused.register(routing.metrics());
    return new ConnectionPorts(
        new SocketPorts(
            options.connection(),
            admission,
            ports.guards(),
            routing.metrics(),
            routing.delivery().drops(),
            ports.eventLog()),
        routing,
        RoutingServices.of(routing, router, wills, entrance.leftShares()),
        attachments,
        new HomeNotifier(ports.cluster(), entrance),
        new GuardedEvents(ports.events()),
        paused);
  }

  private void register(BrokerMetrics metrics) {
    attachments.register(metrics);
    subscriptions.register(metrics);
    Traffic.register(metrics, lanes.all().stream().map(Lane::traffic).toList());
    ports.eventLog().register(ports.registry());
    metrics.gauge(
        "limpet.inboxes.messages",
        "Deliveries in the inboxes whose home is this node",
        () -> ports.stores().sessions().usage().messages());
    metrics.gauge(
        "limpet.inboxes.bytes",
        "Bytes in the inboxes whose home is this node",
        () -> ports.stores().sessions().usage().bytes());
  }

  private boolean isMemoryShort() {
    return memory.level() == MemoryLevel.REFUSING;
  }

  /** Counts the bytes queued for all clients, connected or away. */
  private long queuedBytes() {
    return queues.bytes() + ports.stores().sessions().usage().bytes() + waiting.bytes();
  }

  private void lookAtMemory() {
    if (!stopped) {
      router.forgetStale();
      sockets.look();
      memory.look();
      ports.eventLog().flush();
      lanes.all().get(0).schedule(this::lookAtMemory, MEMORY_LOOK_MILLIS);
    }
  }

  /** Joins the cluster; done when clients may come. */
  public CompletionStage<Void> start() {
    ports.stores().sessions().onAppended(entrance);
    lanes.all().get(0).execute(this::lookAtMemory);
    return ports.cluster().start(entrance).thenRun(this::started);
  }

  private void started() {
    entrance.startExpiry();
    sys.start();
  }

  /**
   * Listens for clients that are served here wherever their home is.
   *
   * @param host name or address to listen on
   * @param port 0 for any free one
   * @return the port; fails with the error of the operating system
   */
  public Future<Integer> listen(String host, int port) {
    return listener.listen(vertx, host, port);
  }

  /**
   * Listens for clients that have to go through a listener's pipeline first: limits, PROXY header,
   * TLS, WebSocket.
   *
   * @param host name or address to listen on
   * @param port 0 for any free one
   * @return the port; fails with the error of the operating system
   */
  public Future<Integer> listen(String host, int port, ListenerPipeline pipeline) {
    return listener.listen(vertx, host, port, pipeline);
  }

  /**
   * Watches a listener's own guards for changes, as the broker does with the node's: closes clients
   * with a will or subscription no longer allowed, or with a proof no longer valid.
   */
  public void follow(ListenerGuards guards) {
    Authorizer rules = guards.authorizer();
    if (rules != null) {
      rules.onChange(attachments::recheck);
    }
    Authenticator own = guards.authenticator();
    if (own != null) {
      own.onRevoked(users -> attachments.revoke(own, users));
    }
  }

  /** Serves a socket that something else accepted. On the socket's event loop. */
  public void accept(ClientSocket clientSocket) {
    listener.accept(clientSocket);
  }

  /**
   * Disconnects all clients (v5: 0x8B), stores their last state and publishes their wills.
   * Idempotent.
   *
   * @return done when that is stored, or when {@link BrokerOptions#stopMillisMax} have passed
   */
  public CompletionStage<Void> stop() {
    listener.stopAccepting();
    stopped = true;
    sys.stop();
    // The wills of those who were connected go out before this node does.
    CompletableFuture<Void> ended = attachments.closeAll().thenCompose(all -> wills.settled());
    return ended
        .orTimeout(options.stopMillisMax(), TimeUnit.MILLISECONDS)
        .exceptionally(late -> null);
  }

  /** How short memory is. */
  public MemoryLevel memoryLevel() {
    return memory.level();
  }

  /** How many clients are connected to this node. */
  public int connectionCount() {
    return attachments.size();
  }

  /** How many durable sessions, online or not, are at home here. */
  public int durableSessionCount() {
    return subscriptions.durable().size();
  }
}
