package dev.limpet.cluster.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, splits. The kind: a node takes those it does not hear for dead, and goes on without a
 * majority; or takes the dead for silent, and stops for ever. Nodes are gone here whose ports
 * between nodes still answer, as those of frozen processes do.
 */
class CutOffTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final Vertx vertx = Vertx.vertx();
  private final String name = "cut-" + UUID.randomUUID();
  private final ClusterMember a = ClusterMember.join(vertx, name, "a", List.of()).start();
  private final ClusterMember b = ClusterMember.join(vertx, name, "b", List.of(a)).start();
  private final ClusterMember c = ClusterMember.join(vertx, name, "c", List.of(a, b)).start();

  @AfterEach
  void end() {
    List.of(a, b, c).forEach(ClusterMember::terminate);
    vertx.close().await();
  }

  @Test
  void without_a_majority_a_node_stops_until_it_is_proved_that_the_others_are_dead() {
    awaitServing(c, 3);
    a.cluster.terminate();
    awaitServing(c, 2); // b and c are the majority of three
    assertThat(c.listener.serving).isEmpty();

    b.cluster.terminate();
    await().atMost(TIMEOUT).until(() -> c.listener.serving.equals(List.of(false)));
    assertThat(c.cluster.membership().isServing()).isFalse();

    b.terminate();
    await().atMost(TIMEOUT).until(() -> c.listener.serving.equals(List.of(false, true)));
    assertThat(c.cluster.membership().isServing()).isTrue();
  }

  /** The younger one of a pair goes on, though the older one is not proved dead. */
  @Test
  void a_witness_makes_a_pair_of_two_nodes() {
    b.cluster.leave();
    c.cluster.leave();
    awaitServing(a, 1);
    ClusterMember pair = ClusterMember.join(vertx, name, "pair", List.of(a)).start();
    ClusterMember witness =
        ClusterMember.join(vertx, name, "witness", List.of(a, pair), true).start();
    try {
      awaitServing(pair, 3);
      assertThat(witness.cluster.membership().dataNodes()).isEqualTo(2);
      assertThat(witness.cluster.membership().partitions().ownedBy(witness.id).isEmpty()).isTrue();
      a.cluster.terminate();
      awaitServing(pair, 2);
      assertThat(pair.listener.serving).isEmpty();
    } finally {
      witness.terminate();
      pair.terminate();
    }
  }

  @Test
  void a_node_that_left_in_order_has_no_vote() {
    awaitServing(c, 3);
    a.cluster.leave();
    awaitServing(c, 2);
    b.cluster.leave();
    awaitServing(c, 1);
    assertThat(c.listener.serving).isEmpty();
  }

  private static void awaitServing(ClusterMember member, int nodes) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                member.cluster.membership().inOrder().size() == nodes
                    && member.cluster.membership().isServing());
  }
}
