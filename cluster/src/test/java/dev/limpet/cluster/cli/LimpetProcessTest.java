package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.cluster.cli.client.NodeClient;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable as a process of its own. */
class LimpetProcessTest {

  private static final Duration WAIT = Duration.ofSeconds(150);

  @TempDir private Path dir;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void a_node_says_little_and_ends_well_on_sigterm() throws Exception {
    int http = freePorts();
    Process node = node(http);
    await().atMost(WAIT).until(() -> isReady(http));
    node.toHandle().destroy();
    assertThat(exitStatus(node)).as("output %s", lines()).isZero();
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0)).contains(" is ready: [mqtt://127.0.0.1:");
    assertThat(lines().get(1)).contains(" stops: ");
    assertThat(lines().get(2)).endsWith(" has stopped");
    assertThat(Files.readString(dir.resolve("data/limpet.log"))).contains(" is ready: ");
  }

  @Test
  void every_metric_of_a_node_says_what_it_is() throws Exception {
    int http = freePorts();
    Path users = Files.createFile(dir.resolve("users"));
    node(http, "--direct=0", "--password-file=" + users);
    await().atMost(WAIT).until(() -> isReady(http));
    List<String> helps = metrics(http).lines().filter(line -> line.startsWith("# HELP")).toList();
    assertThat(helps).hasSizeGreaterThan(60).allMatch(line -> line.startsWith("# HELP limpet_"));
    assertThat(helps).allMatch(line -> line.matches("# HELP \\S+ \\S.*"));
  }

  private static String metrics(int http) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + http + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void clients_that_come_while_a_node_starts_are_served_in_time_or_sent_away() throws Exception {
    int clientIds = 10;
    int http = freePorts();
    int port = http + 2;
    node(http, "--listener=mqtt://127.0.0.1:" + port);
    List<Socket> early = new ArrayList<>();
    await()
        .atMost(WAIT)
        .pollInterval(Duration.ofMillis(5))
        .ignoreExceptionsMatching(IOException.class::isInstance) // nobody listens yet
        .until(() -> early.add(connect(port, early.size())) && early.size() == clientIds);
    for (Socket client : early) {
      client.setSoTimeout((int) WAIT.toMillis());
      byte[] answer = client.getInputStream().readNBytes(4); // fails when none comes
      assertThat(HexFormat.of().formatHex(answer)).isIn("20020000", "");
      client.close();
    }
    await().atMost(WAIT).until(() -> isReady(http));
    try (Socket nameless = connect(port, 0)) {
      assertThat(nameless.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
    }
  }

  /** CONNECT of MQTT 3.1.1 with this digit as the client id; 0 for none. */
  private static Socket connect(int port, int number) throws IOException {
    String id = number == 0 ? "0000" : "0001" + Integer.toHexString('0' + number);
    String connect = "10" + (number == 0 ? "0c" : "0d") + "00044d5154540402003c" + id;
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(HexFormat.of().parseHex(connect));
    return socket;
  }

  @Test
  void a_node_ends_when_its_parent_has_died() throws Exception {
    int http = freePorts();
    Process node = node(http, "--stop-with-parent");
    await().atMost(WAIT).until(() -> isReady(http));
    try (OutputStream parent = node.getOutputStream()) {
      assertThat(parent).isNotNull();
    }
    assertThat(exitStatus(node)).as("output %s", lines()).isZero();
    assertThat(lines().get(1)).endsWith(" stops: standard input has ended");
  }

  /**
   * Issue 7, item 20. The kind: a signal that asks servers to read their files again ends this one.
   */
  @Test
  void sighup_has_a_node_read_its_files_again() throws Exception {
    int http = freePorts();
    Path users = Files.createFile(dir.resolve("users"));
    Path rules = Files.writeString(dir.resolve("rules"), "topic read #\n");
    Process node = node(http, "--password-file=" + users, "--acl-file=" + rules);
    await().atMost(WAIT).until(() -> isReady(http));
    hangUp(node);
    awaitLine("has reread " + users + ", " + rules);
    Files.writeString(rules, "no rule\n");
    hangUp(node);
    awaitLine("cannot use " + rules + " (the previous content stays: ");
    node.toHandle().destroy();
    assertThat(exitStatus(node)).as("output %s", lines()).isZero();
  }

  @Test
  void a_cluster_passes_sighup_on_to_its_nodes() throws Exception {
    Process cluster = limpet(clusterWords(freePorts()));
    awaitClusterReady(cluster);
    hangUp(cluster);
    awaitLine("node a has no files to reread");
    awaitLine("node b has no files to reread");
    assertThat(cluster.isAlive()).isTrue();
  }

  private static void hangUp(Process process) throws IOException, InterruptedException {
    assumeTrue(isHangUpHeard(), "this process runs under nohup, and so do those it starts");
    Process kill = new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** A JVM leaves SIGHUP ignored where its parent ignores it. */
  private static boolean isHangUpHeard() throws IOException {
    Path status = Path.of("/proc/self/status");
    return !Files.exists(status)
        || Files.readAllLines(status).stream()
            .noneMatch(line -> line.matches("SigIgn:\\s.*[13579bdf]"));
  }

  private void awaitLine(String part) {
    await()
        .atMost(WAIT)
        .untilAsserted(() -> assertThat(lines()).anyMatch(line -> line.contains(part)));
  }

  /** Issue 7, item 20: whoever waits for a node is told what that one waits for. */
  @Test
  void a_cluster_that_is_not_ready_in_time_says_what_a_node_waits_for() throws Exception {
    List<String> words = new ArrayList<>(clusterWords(freePorts()));
    words.set(words.indexOf("--ready-max=150"), "--ready-max=1");
    Process cluster = limpet(words);
    assertThat(exitStatus(cluster)).isEqualTo(ErrorMessages.FAILURE);
    assertThat(lines())
        .anyMatch(
            line -> line.matches("limpet: node [ab] is not ready after 1 seconds\\. [A-Z].*\\."));
  }

  @Test
  void a_cluster_reports_a_node_that_dies_and_takes_all_down_with_it() throws Exception {
    Process cluster = limpet(clusterWords(freePorts()));
    awaitClusterReady(cluster);
    List<ProcessHandle> nodes = cluster.children().toList();
    assertThat(nodes).hasSize(2);
    nodes.get(0).destroyForcibly();
    await()
        .atMost(WAIT)
        .until(
            () ->
                lines().stream()
                    .anyMatch(line -> line.contains("(killed by signal 9); the others run on")));
    cluster.toHandle().destroy();
    assertThat(exitStatus(cluster)).as("output %s", lines()).isZero();
    assertThat(nodes).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void nodes_do_not_outlive_a_cluster_that_is_killed() throws Exception {
    Process cluster = limpet(clusterWords(freePorts()));
    awaitClusterReady(cluster);
    List<ProcessHandle> nodes = cluster.children().toList();
    cluster.destroyForcibly();
    await().atMost(WAIT).until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(exitStatus(cluster)).isEqualTo(128 + 9);
  }

  private Process node(int http, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "node",
                "--mqtt=0",
                "--http=" + http,
                "--cluster=" + (http + 1),
                "--data=" + dir.resolve("data")));
    words.addAll(List.of(more));
    return limpet(words);
  }

  private static List<String> clusterWords(int base) {
    return List.of(
        "cluster",
        "--nodes=2",
        "--ready-max=150",
        "--mqtt-base=" + base,
        "--direct-base=" + (base + 2),
        "--http-base=" + (base + 4),
        "--cluster-base=" + (base + 6));
  }

  private Process limpet(List<String> words) throws IOException {
    Process process =
        new ProcessBuilder(withoutTests(LimpetProcess.command(256, false, words)))
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
    processes.add(process);
    return process;
  }

  /** The tests' own logging would have its say, which no operator's process has. */
  private static List<String> withoutTests(List<String> command) {
    List<String> words = new ArrayList<>(command);
    int classPath = words.indexOf("-cp") + 1;
    words.set(
        classPath,
        Arrays.stream(words.get(classPath).split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
            .collect(Collectors.joining(File.pathSeparator)));
    return words;
  }

  private Path output() {
    return dir.resolve("output");
  }

  private List<String> lines() throws IOException {
    return Files.exists(output()) ? Files.readAllLines(output()) : List.of();
  }

  private void awaitClusterReady(Process cluster) throws IOException {
    await()
        .atMost(WAIT)
        .until(() -> !cluster.isAlive() || lines().contains("limpet cluster ready"));
    assertThat(lines()).contains("limpet cluster ready");
  }

  private static int exitStatus(Process process) throws InterruptedException {
    assertThat(process.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static boolean isReady(int http) {
    return new NodeClient(URI.create("http://127.0.0.1:" + http)).isOk("/health/ready");
  }

  /** The first of eight in a row, below those that the system gives to outgoing connections. */
  private static int freePorts() {
    return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(10_000, 32_000))
        .limit(1_000)
        .filter(base -> IntStream.range(base, base + 8).allMatch(LimpetProcessTest::isFree))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
