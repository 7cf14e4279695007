package dev.limpet.cluster.cli;

import dev.limpet.broker.BrokerVertx;
import dev.limpet.broker.files.Reread;
import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.heap.HeapTrimmer;
import dev.limpet.cluster.cli.heap.IdleWatch;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.NetworkAddress;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.http.NodeHttp;
import dev.limpet.cluster.http.NodeMetrics;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.member.NodeStartException;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code limpet node} from start to end: HTTP first, so that it can report what the node waits
 * for, then the node; stops in the opposite order. Confined to the main thread.
 */
final class NodeRun {

  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);
  private static final int CLOSE_SECONDS_MAX = 2;

  private final NodeOptions options;
  private final NodeProgram.Factory factory;
  private final Vertx vertx;
  private final NodeMetrics metrics = new NodeMetrics();

  NodeRun(NodeOptions options, NodeProgram.Factory factory) {
    this.options = options;
    this.vertx = BrokerVertx.start(options.serving().lanes());
    this.factory = factory;
  }

  /**
   * Starts, waits for the end and stops.
   *
   * @param reread has files read again while the node runs
   * @throws CliException when the node could not start, or could not stop well
   * @throws ConfigException when a file that a setting names cannot be used
   */
  void run(EndSignal end, RereadSignal reread) {
    Gauge.builder("limpet.log.failing", () -> Logging.isFileFailing() ? 1 : 0)
        .description("1 while the log file cannot be written and lines are lost, otherwise 0")
        .register(metrics.registry());
    NodeProgram program = factory.create(vertx, options, metrics);
    reread.then(() -> readAgain(program));
    NodeHttp http = new NodeHttp(vertx, program.view(), metrics);
    try {
      String address = listen(http);
      if (start(program, address, end)) {
        shrink();
        sayStarted(program, address);
        LOG.info("node {} stops: {}", options.name(), end.requested().join());
      }
    } finally {
      stop(program, http);
    }
    LOG.info("node {} has stopped", options.name());
  }

  private void sayStarted(NodeProgram program, String http) {
    Readiness readiness = program.view().readiness();
    if (readiness.isReady()) {
      LOG.info("node {} is ready: {}, HTTP {}", options.name(), program.listeners(), http);
    } else {
      LOG.warn(
          "node {} admits clients and is not ready: {} ({}, HTTP {})",
          options.name(),
          readiness.reason(),
          program.listeners(),
          http);
    }
  }

  private String listen(NodeHttp http) {
    CompletableFuture<Integer> listening =
        http.listen(options.bind(), options.httpPort()).toCompletionStage().toCompletableFuture();
    try {
      return "http://" + new NetworkAddress(options.bind(), listening.join());
    } catch (CompletionException e) {
      throw new CliException(
          "the HTTP port %d on %s cannot be opened: %s; choose another with --http"
              .formatted(options.httpPort(), options.bind(), FailureText.of(e)),
          e);
    }
  }

  /** Returns whether it has started; false when the end came first. */
  private boolean start(NodeProgram program, String http, EndSignal end) {
    CompletableFuture<Void> started =
        CompletableFuture.supplyAsync(() -> program.start(http), NodeRun::inOwnThread)
            .thenCompose(stage -> stage);
    try {
      CompletableFuture.anyOf(started, end.requested()).join();
      return started.isDone();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ConfigException wrong) {
        throw wrong;
      }
      if (e.getCause() instanceof NodeStartException sentence) {
        throw new CliException(sentence.getMessage(), e);
      }
      throw new CliException(
          "node %s could not start: %s".formatted(options.name(), FailureText.of(e)), e);
    }
  }

  /** On another thread. */
  private void readAgain(NodeProgram program) {
    List<Reread> all = program.readAgain();
    String used = words(all.stream().filter(each -> each.failure().isEmpty()));
    String unused = words(all.stream().filter(each -> !each.failure().isEmpty()));
    if (unused.isEmpty()) {
      LOG.info(
          "node {} {}",
          options.name(),
          used.isEmpty() ? "has no files to reread" : "has reread " + used);
    } else {
      LOG.warn(
          "node {} cannot use {}; it has reread {}",
          options.name(),
          unused,
          used.isEmpty() ? "nothing else" : used);
    }
  }

  private static String words(Stream<Reread> files) {
    return files.map(Reread::toString).collect(Collectors.joining(", "));
  }

  private void shrink() {
    HeapTrimmer.shrink();
    vertx.setTimer(HeapTrimmer.SETTLED_MILLIS, timer -> inOwnThread(HeapTrimmer::trim));
    IdleWatch watch = new IdleWatch(HeapTrimmer::shrink);
    vertx.setPeriodic(IdleWatch.PERIOD_MILLIS, timer -> inOwnThread(watch::check));
  }

  private void stop(NodeProgram program, NodeHttp http) {
    CompletableFuture<Void> stopped =
        CompletableFuture.supplyAsync(program::stop, NodeRun::inOwnThread)
            .thenCompose(stage -> stage);
    try {
      stopped.join();
    } catch (CompletionException e) {
      LOG.warn("node {} did not stop cleanly", options.name(), e);
    }
    // One after the other: a future of a closed Vert.x would have nowhere to complete.
    await(http.close());
    await(vertx.close());
    metrics.close();
  }

  private static void await(Future<Void> closing) {
    try {
      closing.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a part did not close cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starting and stopping may block, and the main thread has to hear of signals meanwhile. */
  private static void inOwnThread(Runnable task) {
    new Thread(task, "limpet-node").start();
  }
}
