package dev.limpet.cluster.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  private final Vertx vertx = Vertx.vertx();
  private final String clusterName = "recovery-" + UUID.randomUUID();
  private final List<ClusterMember> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(ClusterMember::terminate);
    vertx.close().await();
  }

  @Test
  void a_death_is_recovered_exactly_once_on_every_survivor() {
    ClusterMember a = join("a");
    ClusterMember b = join("b");
    ClusterMember c = join("c");
    settle();
    Set<ClientId> all = new HashSet<>();
    Set<Claim> held = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      ClientId id = ClientId.of("client-" + i);
      Claim claim = get(c.cluster.directory().claim(id, null, "x")).claim();
      get(c.sessions.open(claim, false, 3_600));
      all.add(id);
      held.add(claim);
    }
    Set<ClientId> atC = homedAt(c, all);
    assertThat(atC).isNotEmpty();
    get(c.cluster.routes().advertise(SharedFilter.parse("dead/#"), RouteKind.DURABLE));
    a.listener.indexed.clear();
    b.listener.indexed.clear();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    a.listener.gate = gate;
    b.listener.gate = gate;

    members.remove(c);
    c.terminate();

    await().until(() -> homedAt(a, all).size() + homedAt(b, all).size() == 60);
    await().until(() -> a.listener.indexed.size() + b.listener.indexed.size() >= atC.size());
    assertThat(a.cluster.isRecovering()).isTrue();
    assertThat(a.cluster.recoveryReason())
        .matches("The node (recovers|indexes) the sessions of .+\\.");
    assertThat(a.listener.recovered).isEmpty();
    assertThat(durableRoutes(a, "dead/x")).isEqualTo(1);

    a.listener.gate = CompletableFuture.completedStage(null);
    b.listener.gate = CompletableFuture.completedStage(null);
    gate.complete(null);
    await().until(() -> !a.listener.recovered.isEmpty() && !b.listener.recovered.isEmpty());
    await().until(() -> a.listener.orphans.size() + b.listener.orphans.size() >= 60);
    await().until(() -> !a.cluster.isRecovering() && !b.cluster.isRecovering());

    for (ClusterMember survivor : List.of(a, b)) {
      assertThat(survivor.listener.left).containsExactly(c.id);
      assertThat(survivor.listener.recovered).containsExactly(c.id);
      await().until(() -> durableRoutes(survivor, "dead/x") == 0);
    }
    List<ClientId> indexed = new ArrayList<>(a.listener.indexed);
    indexed.addAll(b.listener.indexed);
    assertThat(indexed).containsAll(atC);
    List<Claim> orphans = new ArrayList<>(a.listener.orphans);
    orphans.addAll(b.listener.orphans);
    assertThat(orphans).containsExactlyInAnyOrderElementsOf(held);
  }

  @Test
  void a_joining_node_indexes_what_it_gains_and_the_old_home_lets_go() {
    ClusterMember a = join("a");
    Set<ClientId> all = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      ClientId id = ClientId.of("client-" + i);
      Claim claim = get(a.cluster.directory().claim(id, null, "x")).claim();
      get(a.sessions.open(claim, false, 3_600));
      all.add(id);
    }

    ClusterMember b = join("b");
    await().until(() -> !homedAt(b, all).isEmpty());
    settle();
    Set<ClientId> moved = homedAt(b, all);

    await().untilAsserted(() -> assertThat(b.listener.indexed).containsAll(moved));
    await().until(() -> moved.stream().allMatch(a.listener::movedAway));
    assertThat(homedAt(a, all)).noneMatch(a.listener::movedAway);
    assertThat(a.listener.orphans).isEmpty();
    assertThat(a.listener.recovered).isEmpty();
  }

  @Test
  void a_node_that_leaves_in_order_is_recovered_too() {
    ClusterMember a = join("a");
    ClusterMember b = join("b");
    settle();
    NodeId gone = b.id;
    ClientId id = ClientId.of("guest");
    get(b.sessions.open(get(b.cluster.directory().claim(id, null, "x")).claim(), false, 3_600));

    members.remove(b);
    b.cluster.leave();
    b.terminate();

    await().untilAsserted(() -> assertThat(a.listener.recovered).containsExactly(gone));
    assertThat(a.listener.indexed).contains(id);
    await().untilAsserted(() -> assertThat(a.listener.orphans).hasSize(1));
  }

  private ClusterMember join(String name) {
    ClusterMember member = ClusterMember.join(vertx, clusterName, name, members);
    members.add(member);
    return member.start();
  }

  private void settle() {
    await()
        .until(
            () ->
                members.stream().allMatch(this::isSettled)
                    && members.get(0).cluster.hazelcast().getPartitionService().isClusterSafe());
  }

  /** Recovers nothing, knows all members, and each of them owns partitions by its table. */
  private boolean isSettled(ClusterMember member) {
    return !member.cluster.isRecovering()
        && members.stream()
            .map(each -> member.cluster.membership().partitions().ownedBy(each.id))
            .noneMatch(BitSet::isEmpty);
  }

  private static Set<ClientId> homedAt(ClusterMember member, Set<ClientId> ids) {
    Set<ClientId> found = new HashSet<>(ids);
    found.removeIf(id -> !member.cluster.membership().homeOf(id).equals(member.id));
    return found;
  }

  private static int durableRoutes(ClusterMember member, String topic) {
    AtomicInteger count = new AtomicInteger();
    member.cluster.routes().match(TopicName.of(topic), route -> count.incrementAndGet());
    return count.get();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
