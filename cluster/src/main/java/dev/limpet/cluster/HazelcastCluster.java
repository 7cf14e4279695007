package dev.limpet.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.cluster.audit.Audit;
import dev.limpet.cluster.audit.AuditParts;
import dev.limpet.cluster.audit.HomeSessions;
import dev.limpet.cluster.clock.ClockWatch;
import dev.limpet.cluster.clock.ClusterClock;
import dev.limpet.cluster.directory.DirectoryMap;
import dev.limpet.cluster.directory.HazelcastSessionDirectory;
import dev.limpet.cluster.directory.OrphanClaims;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.HazelcastNode;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.member.MemberWatcher;
import dev.limpet.cluster.peer.NetPeerLink;
import dev.limpet.cluster.peer.PeerTransport;
import dev.limpet.cluster.recovery.DepartedNodeSweeper;
import dev.limpet.cluster.recovery.Housekeeper;
import dev.limpet.cluster.recovery.PartitionRecovery;
import dev.limpet.cluster.recovery.RecoveryParts;
import dev.limpet.cluster.routes.HazelcastRouteTable;
import dev.limpet.cluster.routes.RouteMap;
import dev.limpet.cluster.view.DeathProof;
import dev.limpet.cluster.view.Views;
import dev.limpet.store.StoreMaps;
import dev.limpet.store.hazelcast.Migrations;
import dev.limpet.store.hazelcast.Promotions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Implements the cluster on Hazelcast and on peer links, for a member that has joined.
 *
 * <p>Thread-safe. {@link #join}, {@link #leave} and {@link #terminate} block.
 */
public final class HazelcastCluster implements Cluster {

  private static final long DIGEST_MILLIS = 1_000;
  private static final long CLOCK_MILLIS = 1_000;

  /** Time for a node that was cut off to bring its claims in. */
  private static final long MERGE_MILLIS = 10_000;

  private static final int GONE_MAX = 1_024;

  private final HazelcastNode node;
  private final HazelcastMembership membership;
  private final ClusterClock clock;
  private final ClockWatch clocks;
  private final PeerTransport transport;
  private final HazelcastRouteTable routes;
  private final HazelcastSessionDirectory directory;
  private final NetPeerLink peers;
  private final Housekeeper housekeeper;
  private final PartitionRecovery recovery;
  private final DepartedNodeSweeper sweeper;
  private final Migrations migrations;
  private final Audit audit;
  private final Views views;
  private final boolean witness;
  private volatile @Nullable ClusterListener listener;

  /**
   * Groups the parts of a node before it joins. Immutable.
   *
   * @param transport listens already: its port is announced
   * @param clock of the transport, too; not set yet
   */
  public record Setup(
      ClusterOptions options,
      MemberInfo self,
      PeerTransport transport,
      MeterRegistry registry,
      ClusterClock clock) {}

  private HazelcastCluster(HazelcastNode node, Setup setup) {
    NodeId self = setup.self().id();
    HazelcastInstance hazelcast = node.instance();
    AsyncRetry retry = AsyncRetry.outlasting(setup.options().member());
    this.node = node;
    this.clock = setup.clock();
    this.migrations = new Migrations(hazelcast);
    this.transport = setup.transport();
    this.witness = setup.self().witness();
    this.membership = new HazelcastMembership(hazelcast, self);
    this.clocks = new ClockWatch(clock, membership::nodes, setup.registry());
    this.routes =
        new HazelcastRouteTable(hazelcast, membership, transport, retry, setup.registry());
    this.directory = new HazelcastSessionDirectory(hazelcast, self, clock, retry);
    this.peers = new NetPeerLink(transport);
    this.housekeeper = new Housekeeper(self.name());
    RecoveryParts parts = new RecoveryParts(hazelcast, membership, transport, routes, housekeeper);
    this.recovery =
        new PartitionRecovery(parts, setup.options().peers().requestMillisMax() + DIGEST_MILLIS);
    OrphanClaims orphans = new OrphanClaims(hazelcast, self, clock, retry);
    this.sweeper = new DepartedNodeSweeper(parts, orphans, recovery);
    this.audit =
        new Audit(
            new AuditParts(
                membership,
                directory,
                orphans,
                new HomeSessions(hazelcast),
                routes,
                peers,
                housekeeper),
            setup.options().audit(),
            setup.registry(),
            recovery::isRecovering);
    this.views =
        new Views(
            new Views.Parts(
                membership,
                transport,
                setup.options().split(),
                setup.options().member().silenceSecondsMax() * 1_000L,
                recovery.movement()::isLeaving,
                DeathProof::isRefused),
            setup.registry());
    transport.onLinked(
        peer -> {
          views.linked(peer);
          routes.linked(peer);
          recovery.linked(peer);
        });
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGED) {
                housekeeper.execute(routes::rewrite);
                healedSoon(0);
              }
            });
  }

  /**
   * Joins the cluster. Blocks for seconds.
   *
   * @param contributions additions of other modules to Hazelcast's configuration
   * @throws dev.limpet.cluster.member.NodeStartException when that is impossible
   */
  public static HazelcastCluster join(Setup setup, List<Consumer<Config>> contributions) {
    List<Consumer<Config>> all = new ArrayList<>(contributions);
    all.add(DirectoryMap::configure);
    all.add(RouteMap::configure);
    all.add(config -> StoreMaps.useClock(config, setup.clock()));
    HazelcastNode node = HazelcastNode.start(setup.options().member(), setup.self(), all);
    return new HazelcastCluster(node, setup);
  }

  @Override
  public HazelcastMembership membership() {
    return membership;
  }

  @Override
  public HazelcastRouteTable routes() {
    return routes;
  }

  @Override
  public HazelcastSessionDirectory directory() {
    return directory;
  }

  @Override
  public NetPeerLink peers() {
    return peers;
  }

  /** The time of the cluster. */
  public ClusterClock clock() {
    return clock;
  }

  /** What operators should know of peers' clocks. */
  List<String> clockSentences() {
    return clocks.sentences();
  }

  /** The links below {@link #peers}. */
  public PeerTransport transport() {
    return transport;
  }

  /** How partitions move, and who has copies. */
  Migrations migrations() {
    return migrations;
  }

  /** The promotions of copies on this node. */
  Promotions promotions() {
    return node.promotions();
  }

  /** The recovery of sessions whose home is gone. */
  PartitionRecovery recovery() {
    return recovery;
  }

  /**
   * Whether this node has its share: partitions of its own, copies of others, and each partition of
   * the cluster has its copies. Blocks.
   */
  boolean isCopied() {
    boolean alone = membership.dataNodes() < 2;
    boolean shares = migrations.owned() > 0 && (alone || migrations.backedUp() > 0);
    return (witness || shares) && node.instance().getPartitionService().isClusterSafe();
  }

  public HazelcastInstance hazelcast() {
    return node.instance();
  }

  /** The port of Hazelcast. */
  public int port() {
    return node.port();
  }

  @Override
  public CompletionStage<Void> start(ClusterListener clusterListener) {
    listener = clusterListener;
    peers.open(membership, clusterListener);
    membership.asks(
        views::isServing,
        views::isConfirmed,
        () -> recovery.movement().isGoingOn() && membership.dataNodes() > 1);
    views.start(clusterListener::onServing);
    membership.watch(views);
    membership.watch(new Watcher());
    housekeeper.every(DIGEST_MILLIS, routes::tellDigest);
    housekeeper.every(CLOCK_MILLIS, clocks::look);
    return clock
        .follow(membership::elders)
        .thenComposeAsync(set -> knowingTheTime(clusterListener), housekeeper);
  }

  /** What follows judges by times that other nodes have written. */
  private CompletionStage<Void> knowingTheTime(ClusterListener clusterListener) {
    sweeper.start(clusterListener);
    CompletionStage<Void> indexed = recovery.start(clusterListener);
    audit.start(clusterListener);
    return routes.whenComplete().thenCompose(complete -> indexed);
  }

  /** Returns this node's view of a client connected to it. */
  public Optional<ClientView> inspectHere(ClientId clientId) {
    ClusterListener broker = listener;
    return broker == null ? Optional.empty() : broker.onInspect(clientId);
  }

  /**
   * Whether an address is that of a live node.
   *
   * @param host a literal
   */
  public boolean isMemberHost(String host) {
    for (Member member : node.instance().getCluster().getMembers()) {
      if (host.equals(member.getSocketAddress().getAddress().getHostAddress())) {
        return true;
      }
    }
    return false;
  }

  /** Whether sessions wait for a new home. */
  public boolean isRecovering() {
    return recovery.isRecovering();
  }

  /** Says why this node may not serve clients, in a sentence; empty when it may. */
  String cutOff() {
    return views.reason();
  }

  /** Describes the recovery in progress as a sentence; empty for none. */
  public String recoveryReason() {
    return recovery.reason();
  }

  /** Leaves in order: partitions move to the others first. Blocks. */
  public void leave() {
    views.close();
    recovery
        .movement()
        .announce(membership.nodes().stream().filter(id -> !id.equals(membership.self())).toList());
    node.leave();
    housekeeper.close();
  }

  /** Leaves without notice, like a crash. Blocks. */
  public void terminate() {
    views.close();
    housekeeper.close();
    node.terminate();
  }

  /**
   * Reindexes sessions and audits everything, once the other side's claims are in the maps. Both
   * sides have to: a merge into a partition notifies no member, not even the owner.
   */
  private void healedSoon(long delayMillis) {
    housekeeper.after(
        delayMillis,
        () -> {
          recovery.merged();
          audit.hurry();
        });
  }

  /** Tells the parts concerned of nodes that join and leave, in an order that matters. */
  private final class Watcher implements MemberWatcher {
    /** Nodes that left; one that comes back in the same life was only cut off. */
    private final Set<NodeId> gone = new LinkedHashSet<>();

    @Override
    public void joined(MemberInfo info) {
      NodeId peer = info.id();
      if (gone.remove(peer)) {
        healedSoon(MERGE_MILLIS);
      }
      routes.joined(peer);
      recovery.joined(peer);
      sweeper.joined(peer);
      transport.joined(peer, info.peer());
    }

    /** Routes first: requests that fail because the peer is gone are routed again at once. */
    @Override
    public void left(MemberInfo info) {
      NodeId peer = info.id();
      gone.add(peer);
      if (gone.size() > GONE_MAX) {
        gone.remove(gone.iterator().next());
      }
      routes.left(peer);
      recovery.left(peer);
      sweeper.left(peer);
      transport.left(peer);
      ClusterListener broker = listener;
      if (broker != null) {
        broker.onNodeLeft(peer);
      }
    }
  }
}
