package dev.limpet.cluster.routes;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.peer.FrameKind;
import dev.limpet.cluster.peer.PeerTransport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Manages the routes of the cluster: publishes this node's own, replicates those of the peers.
 *
 * <p>Thread-safe: its parts are.
 */
public final class HazelcastRouteTable implements RouteTable {

  private static final Buffer APPLIED = Buffer.buffer();

  private final IMap<String, RouteSet> truth;
  private final Membership membership;
  private final RouteReplica replica = new RouteReplica();
  private final RoutePublisher publisher;
  private final RouteRepair repair;
  private final PeersInStep inStep = new PeersInStep(System::nanoTime);
  private final CompletableFuture<Void> complete = new CompletableFuture<>();

  public HazelcastRouteTable(
      HazelcastInstance hazelcast,
      Membership membership,
      PeerTransport transport,
      AsyncRetry retry,
      MeterRegistry registry) {
    this.truth = hazelcast.getMap(RouteMap.NAME);
    this.membership = membership;
    this.publisher = new RoutePublisher(hazelcast, membership.self(), transport, retry);
    this.repair = new RouteRepair(hazelcast, replica, membership, registry);
    Gauge.builder("limpet.routes.own", publisher, RoutePublisher::size)
        .description("Routes this node has advertised to its peers")
        .register(registry);
    Gauge.builder("limpet.routes.peers", replica, RouteReplica::size)
        .description("Routes of peers that this node knows")
        .register(registry);
    transport.handle(FrameKind.ROUTES, this::onDelta);
    transport.handle(FrameKind.DIGEST, this::onDigest);
  }

  @Override
  public CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind, int weight) {
    return publisher.change(new RouteKey(filter, kind, weight), true);
  }

  @Override
  public CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind, int weight) {
    return publisher.change(new RouteKey(filter, kind, weight), false);
  }

  @Override
  public Collection<Route> own() {
    return publisher.own();
  }

  @Override
  public boolean isOwn(SharedFilter filter, RouteKind kind, int weight) {
    return publisher.isWanted(new RouteKey(filter, kind, weight));
  }

  @Override
  public void match(TopicName topic, Consumer<? super Route> visitor) {
    replica.match(topic, visitor);
  }

  @Override
  public long version() {
    return replica.version();
  }

  /** A node joined; if it had been taken for dead, the routes kept for it are void. */
  public void joined(NodeId peer) {
    if (replica.departed().contains(peer)) {
      replica.forget(peer);
    }
  }

  /** A peer admitted this node: tells it of changes from now on, and waits for its answers. */
  public void linked(NodeId peer) {
    publisher.linked(peer);
  }

  /** A peer left: its live routes go at once. */
  public void left(NodeId peer) {
    publisher.left(peer);
    replica.departed(peer);
    repair.left(peer);
    inStep.left(peer);
    checkComplete();
  }

  /** The sessions of a departed node have been indexed elsewhere: its durable routes go. */
  public void recovered(NodeId departed) {
    replica.forget(departed);
    CompletionStage<Boolean> dropped = truth.submitToKey(RouteMap.key(departed), new DropRoutes());
    dropped.exceptionally(failure -> false); // Dropped by some other node, or at the next join.
  }

  /** Nodes that died and whose durable routes are still here. */
  public List<NodeId> departed() {
    return replica.departed();
  }

  /**
   * Loads the durable routes of nodes that died before this one joined. Blocks: reads the names of
   * all nodes that have routes.
   */
  public void loadDeparted() {
    for (String key : truth.keySet()) {
      RouteSet set = isLiveKey(key) ? null : truth.get(key);
      if (set != null && !membership.isLive(set.node())) {
        replica.load(set, false);
      }
    }
  }

  /** Done when the replica contains every live peer's announcements. */
  public CompletionStage<Void> whenComplete() {
    checkComplete();
    return complete.copy();
  }

  /** Tells all peers how far this node's routes are; to be called every second or so. */
  public void tellDigest() {
    publisher.tellDigest();
  }

  /**
   * Writes the truth about this node's routes again if the cluster lost or mixed it up; to be
   * called every few seconds.
   *
   * @return whether it had to
   */
  public CompletionStage<Boolean> checkTruth() {
    return publisher.checkTruth();
  }

  /** After a network split was healed: writes this node's routes anew. */
  public void rewrite() {
    publisher.rewrite();
  }

  private boolean isLiveKey(String key) {
    return membership.nodes().stream().anyMatch(node -> RouteMap.key(node).equals(key));
  }

  private CompletionStage<Buffer> onDelta(NodeId from, BinaryReader body) {
    RouteDelta delta = RouteDelta.read(body);
    return replica.apply(from, delta)
        ? CompletableFuture.completedStage(APPLIED)
        : repair.reach(from, delta.sequence()).thenApply(ignored -> APPLIED);
  }

  private CompletionStage<Buffer> onDigest(NodeId from, BinaryReader body) {
    long sequence = body.varint();
    boolean certain = body.flag();
    long sum = body.int64();
    if (certain) {
      replica.agrees(from, sequence, sum); // else the replica starts again
    }
    return repair
        .reach(from, sequence)
        .thenApply(
            ignored -> {
              inStep.reached(from);
              checkComplete();
              return APPLIED;
            });
  }

  /** Live peers whose routes this node does not know for certain; they may have more. */
  public List<NodeId> behind() {
    return inStep.behindAmong(peers());
  }

  private void checkComplete() {
    if (inStep.neverAmong(peers()).isEmpty()) {
      complete.complete(null);
    }
  }

  private Set<NodeId> peers() {
    Set<NodeId> peers = new HashSet<>(membership.nodes());
    peers.remove(membership.self());
    return peers;
  }
}
