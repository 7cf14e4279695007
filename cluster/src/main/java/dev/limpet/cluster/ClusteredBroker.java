package dev.limpet.cluster;

import dev.limpet.broker.Broker;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.Reread;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.clock.ClusterClock;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.http.NodeState;
import dev.limpet.cluster.http.NodeView;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.member.HazelcastNode;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.member.MemberWatcher;
import dev.limpet.cluster.peer.PeerTransport;
import dev.limpet.cluster.status.ClusterView;
import dev.limpet.cluster.status.StatusRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one node of the cluster: wires all modules together and owns the order of starting and
 * stopping. Binds ports first, because joining announces them; admits clients last.
 *
 * <p>Thread-safe; start and stop once. Vert.x and the registry stay the caller's to close.
 */
public final class ClusteredBroker {

  private static final Logger LOG = LoggerFactory.getLogger(ClusteredBroker.class);

  static {
    HazelcastNode.requireCommonPool();
  }

  private final Vertx vertx;
  private final ClusteredBrokerOptions options;
  private final MeterRegistry registry;
  private final NodeId self;
  private final ClusterClock clock;
  private final PeerTransport transport;
  private final HomePlacement placement = new HomePlacement();
  private final EventLog events;
  private final NodeListeners listeners;
  private final ClusterView view;
  private volatile NodeState state = NodeState.STARTING;
  private volatile boolean copying;
  private volatile @Nullable JoinedNode joined;
  private volatile @Nullable NodeHealth health;
  private volatile Consumer<String> onStuck = this::abandon;

  /**
   * A node that has not started.
   *
   * @param registry takes all metrics of the node, named {@code limpet.…}
   */
  public ClusteredBroker(Vertx vertx, ClusteredBrokerOptions options, MeterRegistry registry) {
    this.vertx = vertx;
    this.options = options;
    this.registry = registry;
    this.self = new NodeId(options.name(), new SecureRandom().nextLong());
    MemberOptions member = options.cluster().member();
    this.clock = new ClusterClock(options.cluster().wallMillis(), System::nanoTime);
    this.transport =
        new PeerTransport(
            vertx,
            new PeerTransport.Setup(
                member.clusterName(), self, options.cluster().peers(), clock, registry));
    this.events = new EventLog(System::nanoTime, options.broker().logsConnections());
    this.listeners = new NodeListeners(vertx, options, placement, registry, events);
    this.view = new ClusterView(vertx, this::readiness);
  }

  /**
   * Sets what happens when a part of the node is stuck for good; call it before the start. Without
   * it the node closes, and the process it is embedded in lives on.
   *
   * @param action gets a sentence that says what was stuck, once, on a thread that may block
   */
  public void onStuck(Consumer<String> action) {
    onStuck = action;
  }

  /** Joins the cluster with no HTTP interface to announce. */
  public CompletionStage<Void> start() {
    return start("");
  }

  /**
   * Joins the cluster and admits clients.
   *
   * @param http {@code host:port} of this node's HTTP interface, for the peers to know; empty for
   *     none
   * @return done when clients may come; fails with {@link
   *     dev.limpet.cluster.member.NodeStartException}, then {@link #stop} cleans up
   */
  public CompletionStage<Void> start(String http) {
    String bindHost = options.cluster().member().bindHost();
    return transport
        .listen(bindHost, 0)
        .compose(
            peerPort ->
                listeners
                    .bind(options.listeners())
                    .map(done -> announcement(bindHost, peerPort, http)))
        .compose(info -> vertx.executeBlocking(() -> join(info), false))
        .compose(node -> Future.fromCompletionStage(node.start()).map(done -> node))
        .compose(node -> awaitShare(node).map(done -> node))
        .<Void>map(
            node -> {
              ready(node);
              return null;
            })
        .toCompletionStage();
  }

  private Future<Void> awaitShare(JoinedNode node) {
    copying = true;
    return new ShareWait(vertx, node.cluster(), () -> state != NodeState.LEAVING, this::gotShare)
        .begin();
  }

  private void gotShare() {
    NodeHealth looking = health;
    if (looking != null) {
      looking.gotShare();
    }
  }

  private MemberInfo announcement(String bindHost, int peerPort, String http) {
    return new MemberInfo(
        self,
        SocketAddress.inetSocketAddress(peerPort, bindHost),
        SocketAddress.inetSocketAddress(listeners.relayPort(), bindHost),
        http.replaceFirst("^http://", ""),
        listeners.endpoints(ListenerMode.STICKY),
        listeners.endpoints(ListenerMode.DIRECT),
        options.cluster().witness());
  }

  /** Blocks until Hazelcast has joined. */
  private JoinedNode join(MemberInfo info) {
    JoinedNode node =
        JoinedNode.join(
            info,
            new JoinedNode.Setup(vertx, options, transport, clock, events, registry, this::status));
    health = new NodeHealth(vertx, node.cluster(), this::stuck, registry);
    joined = node;
    return node;
  }

  private void ready(JoinedNode node) {
    HazelcastCluster cluster = node.cluster();
    cluster.membership().watch(new RelayWatcher());
    view.joined(node.sources());
    state = NodeState.READY;
    listeners.open(node.broker()::accept, cluster::isMemberHost);
    placement.use(cluster); // from now on frontends hand sockets over
    LOG.debug("Node {} admits clients at {}", self, listeners.bound());
  }

  /**
   * Disconnects the clients (v5: 0x8B), stores their last state and leaves the cluster, which moves
   * this node's partitions first. Also cleans up after a failed start. Within 10 seconds.
   */
  public CompletionStage<Void> stop() {
    state = NodeState.LEAVING;
    closeHealth();
    placement.use(null);
    JoinedNode node = joined;
    Duration grace = Duration.ofMillis(options.broker().stopMillisMax());
    Future<Void> clients =
        node == null ? Future.succeededFuture() : Future.fromCompletionStage(node.broker().stop());
    Future<Void> frontends = listeners.closeFrontends(grace);
    return clients
        .eventually(() -> frontends)
        .eventually(listeners::closeAcceptors)
        .eventually(() -> leave(node, HazelcastCluster::leave))
        .eventually(transport::close)
        .toCompletionStage();
  }

  /**
   * Ends like a crash: disconnects no client properly, stores nothing. For tests; close Vert.x
   * after it. Blocks.
   */
  public void crash() {
    state = NodeState.LEAVING;
    closeHealth();
    placement.use(null);
    JoinedNode node = joined;
    if (node != null) {
      transport.refuse().await();
      node.cluster().terminate();
      node.close();
    }
  }

  private void stuck(String sentence) {
    if (state != NodeState.LEAVING) {
      onStuck.accept(sentence);
    }
  }

  /**
   * Closes a node that is stuck: leaves the cluster without notice, so that others take its place
   * at once, and disconnects its clients. Blocks.
   *
   * @param sentence what was stuck
   */
  void abandon(String sentence) {
    LOG.error("Node {} closes: {}", self, sentence);
    JoinedNode node = joined;
    if (node != null) {
      transport.refuse().await();
      node.cluster().terminate();
    }
    stop()
        .whenComplete(
            (stopped, failure) -> {
              if (failure != null) {
                LOG.warn("Node {} did not close cleanly", self, failure);
              }
            });
  }

  private void closeHealth() {
    NodeHealth looking = health;
    if (looking != null) {
      looking.close();
    }
  }

  private Future<Void> leave(@Nullable JoinedNode node, Consumer<HazelcastCluster> how) {
    if (node == null) {
      return Future.succeededFuture();
    }
    view.joined(null);
    return vertx.executeBlocking(
        () -> {
          how.accept(node.cluster());
          node.close();
          return null;
        },
        false);
  }

  private Readiness readiness() {
    JoinedNode node = joined;
    return switch (state) {
      case STARTING ->
          new Readiness(
              state, node == null ? "The node is joining the cluster." : startsWith(node));
      case LEAVING -> new Readiness(state, "The node is leaving the cluster.");
      case READY, RECOVERING, STUCK, CUT_OFF -> whileItServes();
    };
  }

  private String startsWith(JoinedNode node) {
    return copying
        ? "The node waits until every partition has its copy on another node."
        : orElse(node, "The node has joined the cluster and learns the routes of its peers.");
  }

  /** The reason may be over by the time it is asked for. */
  private static String orElse(JoinedNode node, String otherwise) {
    String reason = node.cluster().recoveryReason();
    return reason.isEmpty() ? otherwise : reason;
  }

  /** Balancers need not turn away: connected clients are served, and a shortage may be brief. */
  private Readiness whileItServes() {
    JoinedNode node = joined;
    NodeHealth looking = health;
    if (node == null || looking == null) {
      return Readiness.READY;
    }
    Readiness now = looking.readiness();
    return now.isReady() && node.broker().memoryLevel() == MemoryLevel.REFUSING
        ? new Readiness(
            now.state(),
            "The node is short of memory and refuses new connections.",
            now.checks(),
            now.missing())
        : now;
  }

  private StatusRecord status(Broker broker) {
    return new StatusRecord(
        readiness().state(), broker.connectionCount(), broker.durableSessionCount());
  }

  /** Reads the certificates of its listeners again. Blocks. */
  public List<Reread> readAgain() {
    return listeners.readAgain();
  }

  /** Returns the operators' view. */
  public NodeView view() {
    return view;
  }

  /** Where it listens for clients, with real ports, once it has started. */
  public List<ListenerUri> listeners() {
    return listeners.bound();
  }

  /** This life of the node. */
  public NodeId id() {
    return self;
  }

  /**
   * Returns the state it shares with its peers.
   *
   * @throws IllegalStateException before it has joined
   */
  public HazelcastCluster cluster() {
    return joined().cluster();
  }

  private JoinedNode joined() {
    JoinedNode node = joined;
    if (node == null) {
      throw new IllegalStateException("node " + self + " has not joined");
    }
    return node;
  }

  /** Ends relays to nodes that are gone. */
  private final class RelayWatcher implements MemberWatcher {
    @Override
    public void joined(MemberInfo node) {
      // A relay is made when a client comes.
    }

    @Override
    public void left(MemberInfo node) {
      listeners.nodeLeft(node.id().name());
    }
  }
}
