package dev.limpet.cluster.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.http.NodeState;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.http.ReadinessCheck;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, "ready is the truth". The kind: a node that says ready because nobody asked it for what
 * is missing.
 */
class ReadinessChecksTest {

  private static final class Known implements ReadinessChecks.Facts {
    private int nodes = 3;
    private List<String> missing = List.of();
    private String cutOff = "";
    private boolean share = true;
    private int withoutOwner;
    private int withoutCopy;
    private boolean behind;
    private List<String> stuck = List.of();
    private long stallMillis;
    private List<NodeId> routesBehind = List.of();
    private List<String> clocks = List.of();
    private String recovery = "";

    @Override
    public int dataNodes() {
      return nodes;
    }

    @Override
    public List<String> missing() {
      return missing;
    }

    @Override
    public String cutOff() {
      return cutOff;
    }

    @Override
    public boolean hasShare() {
      return share;
    }

    @Override
    public int withoutOwner() {
      return withoutOwner;
    }

    @Override
    public int withoutCopy() {
      return withoutCopy;
    }

    @Override
    public boolean areCopiesBehind() {
      return behind;
    }

    @Override
    public List<String> stuck() {
      return stuck;
    }

    @Override
    public long stallMillis() {
      return stallMillis;
    }

    @Override
    public List<NodeId> routesBehind() {
      return routesBehind;
    }

    @Override
    public List<String> clocks() {
      return clocks;
    }

    @Override
    public String recovery() {
      return recovery;
    }
  }

  private static Readiness after(Consumer<Known> change) {
    Known known = new Known();
    change.accept(known);
    return ReadinessChecks.of(known);
  }

  private static void assertNotReady(
      String check, NodeState state, String reason, Consumer<Known> change) {
    Readiness readiness = after(change);
    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.state()).isEqualTo(state);
    assertThat(readiness.reason()).isEqualTo(reason);
    assertThat(readiness.checks())
        .filteredOn(each -> !each.passed())
        .containsExactly(ReadinessCheck.failed(check, reason));
  }

  @Test
  void a_whole_node_is_ready_and_has_nothing_to_say() {
    Readiness readiness = after(known -> {});
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.reason()).isEmpty();
    assertThat(readiness.checks()).allMatch(each -> each.passed() && each.note().isEmpty());
  }

  @Test
  void each_check_that_fails_says_which_it_is() {
    assertNotReady(
        "members",
        NodeState.CUT_OFF,
        "The node is cut off.",
        known -> known.cutOff = "The node is cut off.");
    assertNotReady(
        "owners",
        NodeState.RECOVERING,
        "The cluster has 1 partition without an owner.",
        known -> known.withoutOwner = 1);
    assertNotReady(
        "copies",
        NodeState.RECOVERING,
        "The node has 7 partitions that no other node has a copy of yet.",
        known -> known.withoutCopy = 7);
    assertNotReady(
        "copies",
        NodeState.RECOVERING,
        "Copies of this node's partitions lack writes; they are being sent.",
        known -> known.behind = true);
    assertNotReady(
        "share",
        NodeState.RECOVERING,
        "The node waits for its share of the partitions, each with its copy.",
        known -> known.share = false);
    assertNotReady(
        "progress",
        NodeState.STUCK,
        "It stands still.",
        known -> known.stuck = List.of("It stands still."));
    assertNotReady(
        "progress",
        NodeState.STUCK,
        "The node did not run for 8 seconds and looks what has happened.",
        known -> known.stallMillis = 8_700);
    assertNotReady(
        "routes",
        NodeState.RECOVERING,
        "The node has not heard the latest routes of b, c.",
        known -> known.routesBehind = List.of(new NodeId("c", 1), new NodeId("b", 2)));
    assertNotReady(
        "sessions",
        NodeState.RECOVERING,
        "The node indexes the sessions of 6 partitions.",
        known -> known.recovery = "The node indexes the sessions of 6 partitions.");
  }

  @Test
  void a_cluster_too_small_for_copies_is_ready_and_says_so() {
    Readiness readiness =
        after(
            known -> {
              known.nodes = 1;
              known.withoutCopy = 271;
            });
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.checks())
        .contains(
            ReadinessCheck.passed(
                "copies", "The cluster has one node, so nothing has a copy on another."));
  }

  @Test
  void clocks_that_differ_are_told_of_by_a_node_that_is_ready() {
    String sentence = "The clock of node b is 310.0 s ahead of this node's.";
    Readiness readiness = after(known -> known.clocks = List.of(sentence));
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.checks()).contains(ReadinessCheck.passed("clocks", sentence));
  }

  @Test
  void peers_that_are_missing_are_named_by_a_node_that_is_ready() {
    Readiness readiness = after(known -> known.missing = List.of("b"));
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.missing()).containsExactly("b");
    assertThat(readiness.checks())
        .contains(ReadinessCheck.passed("members", "A peer is missing, b."));
  }
}
