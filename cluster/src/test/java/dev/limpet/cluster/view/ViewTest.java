package dev.limpet.cluster.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 9, splits. The kind: two sides of a split both serve, or none does for ever. */
class ViewTest {
  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);
  private static final NodeId D = new NodeId("d", 4);

  private final View three = new View(7, List.of(A, B, C));

  @Test
  void more_than_half_go_on_and_the_rest_does_not() {
    assertThat(three.isMajority(List.of(B, C), Set.of())).isTrue();
    assertThat(three.isMajority(List.of(A), Set.of())).isFalse();
  }

  @Test
  void of_two_halves_the_one_with_the_longest_standing_node_goes_on() {
    View two = new View(1, List.of(A, B));
    assertThat(two.isMajority(List.of(A), Set.of())).isTrue();
    assertThat(two.isMajority(List.of(B), Set.of())).isFalse();
  }

  @Test
  void the_dead_have_no_vote() {
    View two = new View(1, List.of(A, B));
    assertThat(two.isMajority(List.of(B), Set.of(A))).isTrue();
    assertThat(three.isMajority(List.of(C), Set.of(A))).isFalse(); // B may live, and stands longer
    assertThat(three.isMajority(List.of(B), Set.of(A))).isTrue();
    assertThat(three.isMajority(List.of(C), Set.of(A, B))).isTrue();
  }

  @Test
  void newcomers_have_no_vote_before_the_view_has_them() {
    assertThat(three.isMajority(List.of(A, D), Set.of())).isFalse();
    assertThat(three.next(List.of(A, B, C, D)).isMajority(List.of(A, D), Set.of())).isTrue();
  }

  @Test
  void nobody_goes_on_who_sees_none_of_it() {
    assertThat(three.isMajority(List.of(D), Set.of())).isFalse();
    assertThat(three.isMajority(List.of(D), Set.of(A, B, C))).isFalse();
  }

  /** All ways to cut up to six nodes in two, with any of them dead. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void of_two_sides_at_most_one_goes_on_and_with_all_alive_exactly_one(int count) {
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(new NodeId("n" + i, i));
    }
    View view = new View(1, nodes);
    for (int cut = 0; cut < 1 << count; cut++) {
      for (int killed = 0; killed < 1 << count; killed++) {
        Set<NodeId> dead = pick(nodes, killed);
        Set<NodeId> side = pick(nodes, cut & ~killed);
        Set<NodeId> other = pick(nodes, ~cut & ~killed);
        int serving =
            (view.isMajority(side, dead) ? 1 : 0) + (view.isMajority(other, dead) ? 1 : 0);
        assertThat(serving).isEqualTo(dead.size() == count ? 0 : 1);
      }
    }
  }

  @Test
  void the_next_view_has_a_higher_number_and_the_same_nodes_make_no_next_one() {
    assertThat(three.next(List.of(A, B, C))).isSameAs(three);
    assertThat(three.next(List.of(A, B))).isEqualTo(new View(8, List.of(A, B)));
  }

  @Test
  void a_view_reads_as_it_was_written() {
    assertThat(ViewFormat.decode(new BinaryReader(ViewFormat.encode(three)))).isEqualTo(three);
  }

  private static Set<NodeId> pick(List<NodeId> nodes, int bits) {
    Set<NodeId> picked = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      if ((bits & 1 << i) != 0) {
        picked.add(nodes.get(i));
      }
    }
    return picked;
  }
}
