package dev.limpet.cluster.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.NodeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The kind: a node goes on although others may have gone on without it. */
class LeaseTest {
  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);
  private static final long NOW = 1_000;

  private final View view = new View(1, List.of(A, B, C));
  private final Lease lease = new Lease(C, 100);

  @Test
  void it_lasts_from_the_answer_that_made_a_majority() {
    assertThat(lease.endNanos(view, Set.of(), NOW)).isEqualTo(NOW);
    lease.heard(A, 800);
    assertThat(lease.endNanos(view, Set.of(), NOW)).isEqualTo(900);
    lease.heard(B, 950);
    assertThat(lease.endNanos(view, Set.of(), NOW)).isEqualTo(1_050);
    lease.heard(B, 940); // an answer that was overtaken
    assertThat(lease.endNanos(view, Set.of(), NOW)).isEqualTo(1_050);
  }

  @Test
  void of_five_the_second_peer_counts() {
    View five = new View(1, List.of(A, B, C, new NodeId("d", 4), new NodeId("e", 5)));
    lease.heard(A, 970);
    lease.heard(B, 990);
    assertThat(lease.endNanos(five, Set.of(), NOW)).isEqualTo(1_070);
  }

  @Test
  void the_longest_standing_of_two_and_a_node_alone_need_nobody() {
    View two = new View(1, List.of(C, A));
    assertThat(lease.endNanos(two, Set.of(), NOW)).isEqualTo(1_100);
    assertThat(lease.endNanos(view, Set.of(A, B), NOW)).isEqualTo(1_100);
  }

  @Test
  void who_is_gone_confirms_nothing_any_more() {
    lease.heard(A, 990);
    lease.retain(List.of(B, C));
    assertThat(lease.endNanos(view, Set.of(), NOW)).isEqualTo(NOW);
  }
}
