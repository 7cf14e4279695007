package dev.limpet.cluster.cli;

import static org.awaitility.Awaitility.await;

import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import dev.limpet.cluster.http.NodeMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Two nodes as {@code limpet node} runs them, with users and rules, in this process. Confined to
 * its test, but for what the nodes' own threads add.
 */
final class TwoNodes implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofMinutes(2);

  private final EndSignal end =
      new EndSignal(Duration.ofMinutes(5), new PrintWriter(new StringWriter()));
  private final RereadSignal reread = new RereadSignal();
  private final List<CompletableFuture<Void>> runs = new ArrayList<>();
  private final List<NodeProgram> programs = new CopyOnWriteArrayList<>();
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

  /** Starts them and waits until both are ready. */
  TwoNodes(Path folder) throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "");
    Path rules = Files.writeString(folder.resolve("rules"), "topic readwrite #\n");
    List<Integer> ports = freePorts();
    for (int port : ports) {
      NodeOptions options = options(port, ports, users, rules);
      runs.add(CompletableFuture.runAsync(() -> run(options), NodeThreads::run));
    }
    await()
        .atMost(START_MAX)
        .until(() -> programs.size() == ports.size() && programs.stream().allMatch(this::isReady));
  }

  private void run(NodeOptions options) {
    new NodeRun(options, this::program).run(end, reread);
  }

  private NodeProgram program(Vertx vertx, NodeOptions options, NodeMetrics metrics) {
    NodeProgram program = new ClusteredNode(vertx, options, metrics);
    registries.add(metrics.registry());
    programs.add(program);
    return program;
  }

  private boolean isReady(NodeProgram program) {
    return program.view().readiness().isReady()
        && program.view().nodes().toCompletableFuture().join().size() == runs.size();
  }

  /** What one of them counts. */
  MeterRegistry meters() {
    return registries.get(0);
  }

  /** The port of its sticky listener, which lets one connection in a second. */
  int port() {
    return ListenerUri.parse(programs.get(0).listeners().get(0), "the test").port();
  }

  @Override
  public void close() {
    end.requested().complete("a test");
    runs.forEach(CompletableFuture::join);
    reread.close();
    end.finish(0);
    end.close();
  }

  private static NodeOptions options(int port, List<Integer> ports, Path users, Path rules) {
    List<Setting> said = new ArrayList<>();
    said.add(Setting.ofFlag(OptionKey.NAME, List.of("node-" + ports.indexOf(port))));
    said.add(Setting.ofFlag(OptionKey.HTTP, List.of("0")));
    said.add(Setting.ofFlag(OptionKey.LISTENER, List.of("mqtt://127.0.0.1:0?connect-rate=1")));
    said.add(Setting.ofFlag(OptionKey.CLUSTER, List.of(String.valueOf(port))));
    said.add(Setting.ofFlag(OptionKey.CLUSTER_NAME, List.of("two-nodes-" + ports.get(0))));
    said.add(
        Setting.ofFlag(OptionKey.JOIN, ports.stream().map(each -> "127.0.0.1:" + each).toList()));
    said.add(Setting.ofFlag(OptionKey.PASSWORD_FILE, List.of(users.toString())));
    said.add(Setting.ofFlag(OptionKey.ACL_FILE, List.of(rules.toString())));
    said.add(Setting.ofFlag(OptionKey.ALLOW_ANONYMOUS, List.of("true")));
    return NodeOptions.of(Settings.merge(List.of(said)));
  }

  private static List<Integer> freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket other = new ServerSocket(0, 1, loopback)) {
      return List.of(one.getLocalPort(), other.getLocalPort());
    }
  }

  /** A node's main thread, which waits for its end. */
  private static final class NodeThreads {
    static void run(Runnable task) {
      Thread thread = new Thread(task, "node");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
