package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.files.Reread;
import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.client.NodeClient;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import dev.limpet.cluster.http.FakeNodeView;
import dev.limpet.cluster.http.NodeView;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The life of {@code limpet node}, with a stand-in for the broker. */
class NodeRunTest {

  private final StandIn standIn = new StandIn();
  private final NodeOptions options =
      NodeOptions.of(
          Settings.merge(List.of(List.of(Setting.ofFlag(OptionKey.HTTP, List.of("0"))))));

  @Test
  void a_node_runs_until_the_end_is_asked_for() throws IOException {
    try (EndSignal end = signal();
        PipedOutputStream parent = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(parent)) {
      end.watchParent(input, () -> {});
      CompletableFuture<Void> run = CompletableFuture.runAsync(() -> run(end));
      await().until(() -> standIn.http.get() != null);
      standIn.started.complete(null);
      assertThat(new NodeClient(java.net.URI.create(standIn.http.get())).isOk("/health/ready"))
          .isTrue();
      assertThat(run).isNotDone();
      parent.close();
      run.join();
      end.finish(0);
      assertThat(end.requested()).isCompletedWithValue("standard input has ended");
    }
    assertThat(standIn.stopped).isCompleted();
  }

  @Test
  void an_end_before_the_start_is_through_stops_the_node_too() {
    try (EndSignal end = signal()) {
      end.requested().complete("a test");
      run(end);
    }
    assertThat(standIn.stopped).isCompleted();
  }

  @Test
  void a_start_that_fails_says_why_and_is_cleaned_up() {
    standIn.started.completeExceptionally(new IllegalStateException("no room"));
    try (EndSignal end = signal()) {
      assertThatThrownBy(() -> run(end))
          .isInstanceOf(CliException.class)
          .hasMessageEndingWith("could not start: no room");
    }
    assertThat(standIn.stopped).isCompleted();
  }

  private void run(EndSignal end) {
    try (RereadSignal reread = new RereadSignal()) {
      new NodeRun(options, (vertx, given, metrics) -> standIn).run(end, reread);
    }
  }

  private static EndSignal signal() {
    return new EndSignal(Duration.ofMinutes(1), new PrintWriter(new StringWriter()));
  }

  /** Starts and stops when told. */
  private static final class StandIn implements NodeProgram {

    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicReference<String> http = new AtomicReference<>();
    private final NodeView view = new FakeNodeView();

    @Override
    public CompletionStage<Void> start(String address) {
      http.set(address);
      return started;
    }

    @Override
    public CompletionStage<Void> stop() {
      stopped.complete(null);
      return stopped;
    }

    @Override
    public List<Reread> readAgain() {
      return List.of();
    }

    @Override
    public NodeView view() {
      return view;
    }

    @Override
    public List<String> listeners() {
      return List.of();
    }
  }
}
