package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.cluster.cli.client.CliException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code limpet cluster} does when nodes end, with scripts for nodes. */
class LocalClusterTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final StringWriter said = new StringWriter();
  private final NodePlan plan =
      new NodePlan("a", "127.0.0.1", new NodePlan.Ports(1, 2, 3, 4), List.of());

  /** Issue 9, "stuck is dead". The kind: an end that was meant as a new beginning. */
  @Test
  void a_node_that_was_stuck_is_started_again(@TempDir Path folder) {
    String script = "cd %s; if [ -e once ]; then exec sleep 600; fi; touch once; exit 3";
    try (LocalCluster cluster = new LocalCluster(List.of(plan), new PrintWriter(said))) {
      cluster.start(each -> List.of("sh", "-c", script.formatted(folder)));
      cluster.keep();
      await().atMost(TIMEOUT).until(() -> said.toString().contains("it is started again"));
      assertThat(said.toString()).contains("exit status 3").doesNotContain("run on");
    }
    assertThat(said.toString().lines()).hasSize(1);
  }

  /** Its dead self may still be taken for alive when it comes back at once. */
  @Test
  void one_that_cannot_start_at_once_is_tried_again(@TempDir Path folder) {
    String script =
        "cd %s; if [ -e two ]; then exec sleep 600; fi;"
            + " if [ -e one ]; then touch two; exit 1; fi; touch one; exit 3";
    try (LocalCluster cluster = new LocalCluster(List.of(plan), new PrintWriter(said))) {
      cluster.start(each -> List.of("sh", "-c", script.formatted(folder)));
      cluster.keep();
      await().atMost(TIMEOUT).until(() -> said.toString().contains("exit status 1; it is"));
    }
    assertThat(said.toString().lines()).hasSize(2);
  }

  @Test
  void one_that_is_stuck_each_time_is_given_up() {
    try (LocalCluster cluster = new LocalCluster(List.of(plan), new PrintWriter(said))) {
      cluster.start(each -> List.of("sh", "-c", "exit 3"));
      cluster.keep();
      Assertions.assertThatThrownBy(() -> cluster.awaitEnd(new CompletableFuture<>()))
          .isInstanceOf(CliException.class);
      assertThat(said.toString().lines().filter(line -> line.contains("it is started again")))
          .hasSize(RestartLimit.STARTS_MAX);
    }
  }

  @Test
  void one_that_failed_otherwise_stays_down() {
    try (LocalCluster cluster = new LocalCluster(List.of(plan), new PrintWriter(said))) {
      cluster.start(each -> List.of("sh", "-c", "exit 1"));
      cluster.keep();
      Assertions.assertThatThrownBy(() -> cluster.awaitEnd(new CompletableFuture<>()))
          .isInstanceOf(CliException.class);
      assertThat(said.toString()).doesNotContain("started again");
    }
  }
}
