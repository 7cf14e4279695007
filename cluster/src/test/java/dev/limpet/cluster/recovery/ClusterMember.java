package dev.limpet.cluster.recovery;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.ClusterOptions;
import dev.limpet.cluster.HazelcastCluster;
import dev.limpet.cluster.audit.AuditPace;
import dev.limpet.cluster.clock.ClusterClock;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.peer.PeerOptions;
import dev.limpet.cluster.peer.PeerTransport;
import dev.limpet.cluster.view.SplitMode;
import dev.limpet.store.HazelcastSessionStore;
import dev.limpet.store.StoreMaps;
import dev.limpet.store.StoreOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A node whose broker only writes down what it is told. */
final class ClusterMember {

  private static final PeerOptions HASTY =
      PeerOptions.builder()
          .linkBytesMax(1 << 20)
          .frameBytesMax(1 << 20)
          .requestMillisMax(3_000)
          .retryMillisMax(100)
          .build();

  /** The listener indexes nothing, which the audit would mend. */
  private static final AuditPace SELDOM = new AuditPace(3_600_000, 1_000);

  final RecordingListener listener = new RecordingListener();
  final HazelcastCluster cluster;
  final HazelcastSessionStore sessions;
  final NodeId id;

  private ClusterMember(NodeId id, HazelcastCluster cluster) {
    this.id = id;
    this.cluster = cluster;
    this.sessions =
        new HazelcastSessionStore(
            cluster.hazelcast(), StoreOptions.DEFAULT, cluster.clock(), new SimpleMeterRegistry());
  }

  static ClusterMember join(
      Vertx vertx, String clusterName, String name, List<ClusterMember> others) {
    return join(vertx, clusterName, name, others, false);
  }

  static ClusterMember join(
      Vertx vertx, String clusterName, String name, List<ClusterMember> others, boolean witness) {
    NodeId id = new NodeId(name, ThreadLocalRandom.current().nextLong());
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ClusterClock clock = new ClusterClock(System::currentTimeMillis, System::nanoTime);
    PeerTransport transport =
        new PeerTransport(vertx, new PeerTransport.Setup(clusterName, id, HASTY, clock, registry));
    int port = transport.listen("127.0.0.1", 0).await();
    SocketAddress peer = SocketAddress.inetSocketAddress(port, "127.0.0.1");
    MemberInfo self = new MemberInfo(id, peer, peer, "", List.of(), List.of(), witness);
    List<String> join = others.stream().map(other -> "127.0.0.1:" + other.cluster.port()).toList();
    MemberOptions member =
        MemberOptions.builder()
            .clusterName(clusterName)
            .port(0)
            .join(join)
            .partitionCount(13)
            .silenceSecondsMax(30)
            .leaveSecondsMax(3)
            .build();
    HazelcastCluster cluster =
        HazelcastCluster.join(
            new HazelcastCluster.Setup(
                new ClusterOptions(
                    member,
                    HASTY,
                    SELDOM,
                    SplitMode.CONSISTENT,
                    witness,
                    System::currentTimeMillis),
                self,
                transport,
                registry,
                clock),
            List.of(StoreMaps::configure));
    return new ClusterMember(id, cluster);
  }

  ClusterMember start() {
    cluster.start(listener).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    return this;
  }

  void terminate() {
    cluster.terminate();
    sessions.close();
    cluster.transport().close().await();
  }
}
