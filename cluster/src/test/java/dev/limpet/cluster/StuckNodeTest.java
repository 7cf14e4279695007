package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.internal.partition.impl.MigrationManager;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.http.NodeState;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.http.ReadinessCheck;
import dev.limpet.cluster.member.MemberOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, "stuck is dead" and "ready is the truth", with real nodes. The kind: a node that neither
 * goes on nor says so.
 */
class StuckNodeTest {

  /** On a machine that has nothing else to do it takes a tenth of it. */
  private static final Duration TIMEOUT = Duration.ofMinutes(4);

  private static MigrationManager migrations(EmbeddedNode node) {
    HazelcastInstance hazelcast = node.broker().cluster().hazelcast();
    return ((ClusterServiceImpl) hazelcast.getCluster())
        .getNodeEngine()
        .getNode()
        .getPartitionService()
        .getMigrationManager();
  }

  private static void allowMigrations(EmbeddedNode node, boolean allowed) {
    node.broker()
        .cluster()
        .hazelcast()
        .getCluster()
        .changeClusterState(allowed ? ClusterState.ACTIVE : ClusterState.NO_MIGRATION);
  }

  private static Readiness readiness(EmbeddedNode node) {
    return node.broker().view().readiness();
  }

  private static Optional<ReadinessCheck> check(EmbeddedNode node, String name) {
    return readiness(node).checks().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  @Test
  void a_leaked_permit_is_given_back_and_the_node_takes_over() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
      EmbeddedNode survivor = cluster.node(0);
      assertThat(migrations(survivor).acquirePromotionPermit()).isTrue();
      cluster.crash(cluster.node(1));
      await()
          .atMost(TIMEOUT)
          .until(() -> survivor.broker().cluster().migrations().withoutOwner() > 0);
      assertThat(readiness(survivor).isReady()).isFalse();
      await().atMost(TIMEOUT).until(() -> readiness(survivor).isReady());
      assertThat(survivor.broker().cluster().migrations().withoutOwner()).isZero();
      assertThat(survivor.meters().get("limpet.watchdog.heals").tag("state", "promotion").counter())
          .matches(heals -> heals.count() > 0);
      assertThat(readiness(survivor).missing()).containsExactly("node-1");
      assertThat(check(survivor, "copies")).map(ReadinessCheck::note).isNotEmpty();
    }
  }

  /** The other keeps a thread of ours; an embedded node closes, and its process lives on. */
  @Test
  void a_node_whose_thread_for_partitions_runs_nothing_says_so_and_closes() {
    CountDownLatch release = new CountDownLatch(1);
    try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
      EmbeddedNode stuck = cluster.node(1);
      stuck.broker().cluster().migrations().runOn(0, () -> hold(release));
      await().atMost(TIMEOUT).until(() -> readiness(stuck).state() == NodeState.STUCK);
      assertThat(readiness(stuck).reason())
          .isEqualTo("Nothing runs on the thread for partitions number 0.");
      await().atMost(TIMEOUT).until(() -> !stuck.isLive());
      await()
          .atMost(TIMEOUT)
          .until(() -> cluster.node(0).broker().cluster().membership().nodes().size() == 1);
      await().atMost(TIMEOUT).until(() -> readiness(cluster.node(0)).isReady());
    } finally {
      release.countDown();
    }
  }

  private static void hold(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_node_that_lost_its_copies_is_not_ready_until_it_has_them_again() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
      EmbeddedNode survivor = cluster.node(0);
      allowMigrations(survivor, false); // they make the copies
      cluster.crash(cluster.node(2));
      await()
          .atMost(TIMEOUT)
          .until(() -> check(survivor, "copies").filter(each -> !each.passed()).isPresent());
      assertThat(readiness(survivor).isReady()).isFalse();
      allowMigrations(survivor, true);
      await()
          .atMost(TIMEOUT)
          .until(() -> cluster.nodes().stream().allMatch(node -> readiness(node).isReady()));
    }
  }

  /** It admits clients after 30 s all the same, which is not to be ready. */
  @Test
  void a_joiner_is_not_ready_until_it_has_its_share() {
    String name = "joiner-" + UUID.randomUUID();
    EmbeddedNode first = node("first", name, List.of());
    EmbeddedNode joiner = null;
    try {
      first.start().toCompletableFuture().join();
      allowMigrations(first, false);
      joiner = node("joiner", name, List.of("127.0.0.1:" + first.clusterPort()));
      joiner.start().toCompletableFuture().join();
      assertThat(joiner.broker().cluster().migrations().owned()).isZero();
      assertThat(readiness(joiner).reason())
          .isEqualTo("The node waits for its share of the partitions, each with its copy.");
      assertThat(readiness(first).isReady()).isFalse();
      allowMigrations(first, true);
      EmbeddedNode joined = joiner;
      await()
          .atMost(TIMEOUT)
          .until(() -> readiness(first).isReady() && readiness(joined).isReady());
      assertThat(joined.broker().cluster().migrations().owned()).isPositive();
      assertThat(joined.broker().cluster().migrations().backedUp()).isPositive();
    } finally {
      if (joiner != null) {
        joiner.crash();
      }
      first.crash();
    }
  }

  private static EmbeddedNode node(String name, String cluster, List<String> join) {
    MemberOptions member =
        MemberOptions.builder().clusterName(cluster).port(0).join(join).partitionCount(47).build();
    return new EmbeddedNode(
        ClusteredBrokerOptions.builder(name, ClusterOptions.of(member))
            .listeners(List.of(new ListenerUri("127.0.0.1", 0, ListenerMode.STICKY)))
            .build());
  }
}
