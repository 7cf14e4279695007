package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code limpet cluster} says of a node that has ended, with a stand-in for the node. */
class ChildNodeTest {

  private static final int SECONDS_MAX = 60;

  private final NodePlan plan =
      new NodePlan("a", "127.0.0.1", new NodePlan.Ports(1, 2, 3, 4), List.of());

  /** Issue 7, item 4. The kind: an end whose reason only the one who reads statuses knows. */
  @Test
  void a_node_that_ran_out_of_memory_is_said_to_have_done_so() {
    assertThat(epitaph("exit 3"))
        .endsWith(
            "has ended with exit status 3 (out of memory or stuck: its last line says which)");
    assertThat(epitaph("exit 1")).endsWith("has ended with exit status 1");
    assertThat(epitaph("kill -9 $$")).endsWith("exit status 137 (killed by signal 9)");
  }

  private String epitaph(String script) {
    PrintWriter err = new PrintWriter(new StringWriter());
    ChildNode node = ChildNode.start(plan, List.of("sh", "-c", script), err);
    assertThat(node.exitStatus(SECONDS_MAX)).isPositive();
    return node.epitaph();
  }
}
