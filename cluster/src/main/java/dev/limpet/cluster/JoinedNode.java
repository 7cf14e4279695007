package dev.limpet.cluster;

import com.hazelcast.config.Config;
import dev.limpet.broker.Broker;
import dev.limpet.broker.BrokerPorts;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.spi.NodeGuards;
import dev.limpet.broker.spi.store.Stores;
import dev.limpet.cluster.clock.ClusterClock;
import dev.limpet.cluster.directory.ClaimPages;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.peer.PeerTransport;
import dev.limpet.cluster.status.ClientLookup;
import dev.limpet.cluster.status.ClusterView;
import dev.limpet.cluster.status.StatusBoard;
import dev.limpet.cluster.status.StatusRecord;
import dev.limpet.store.HazelcastSessionStore;
import dev.limpet.store.StoreMaps;
import dev.limpet.store.retained.HazelcastRetainedStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Groups the parts a node has once it has joined its cluster. Immutable; its parts are thread-safe.
 */
record JoinedNode(
    HazelcastCluster cluster,
    HazelcastSessionStore sessions,
    HazelcastRetainedStore retained,
    Broker broker,
    StatusBoard board) {

  private static final List<Consumer<Config>> MAPS =
      List.of(StoreMaps::configure, StatusBoard::configure);

  /**
   * Groups the parts of a node before it joins.
   *
   * @param status of the broker, for the other nodes to read
   */
  record Setup(
      Vertx vertx,
      ClusteredBrokerOptions options,
      PeerTransport transport,
      ClusterClock clock,
      EventLog events,
      MeterRegistry registry,
      Function<Broker, StatusRecord> status) {}

  /** Blocks until Hazelcast has joined; then puts the node together. */
  static JoinedNode join(MemberInfo self, Setup setup) {
    HazelcastCluster cluster =
        HazelcastCluster.join(
            new HazelcastCluster.Setup(
                setup.options().cluster(),
                self,
                setup.transport(),
                setup.registry(),
                setup.clock()),
            MAPS);
    HazelcastSessionStore sessions = sessions(cluster, setup);
    HazelcastRetainedStore retained = retained(cluster, setup);
    Broker broker = broker(cluster, new Stores(sessions, retained), setup);
    StatusBoard board =
        new StatusBoard(
            setup.vertx(), cluster.hazelcast(), self.id(), () -> setup.status().apply(broker));
    return new JoinedNode(cluster, sessions, retained, broker, board);
  }

  private static HazelcastSessionStore sessions(HazelcastCluster cluster, Setup setup) {
    return new HazelcastSessionStore(
        cluster.hazelcast(), setup.options().store(), setup.clock(), setup.registry());
  }

  private static HazelcastRetainedStore retained(HazelcastCluster cluster, Setup setup) {
    return new HazelcastRetainedStore(
        cluster.hazelcast(),
        setup.options().store().retained(),
        setup.options().store().calls(),
        setup.clock(),
        setup.registry());
  }

  private static Broker broker(HazelcastCluster cluster, Stores stores, Setup setup) {
    ClusteredBrokerOptions.Guards guards = setup.options().guards();
    Broker broker =
        new Broker(
            setup.vertx(),
            setup.options().broker(),
            BrokerPorts.ofProcess(
                    cluster,
                    stores,
                    new NodeGuards(guards.authenticator(), guards.enhanced(), guards.authorizer()),
                    guards.events(),
                    new BrokerPorts.Log(setup.events(), setup.registry()))
                .withClock(setup.clock()));
    guards.listeners().values().forEach(broker::follow);
    return broker;
  }

  /** Starts the broker; fails as that does. */
  CompletionStage<Void> start() {
    return broker.start().thenRun(retained::startSweeping);
  }

  /** Returns the sources of the operators' view. */
  ClusterView.Sources sources() {
    return new ClusterView.Sources(
        cluster.membership(),
        board,
        new ClientLookup(
            cluster.membership(),
            cluster.directory(),
            sessions,
            cluster.peers(),
            cluster::inspectHere,
            cluster.clock()),
        new ClaimPages(cluster.hazelcast()));
  }

  /** Gives the threads of its stores and its board back. */
  void close() {
    board.close();
    sessions.close();
    retained.close();
  }
}
