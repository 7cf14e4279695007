package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * {@code examples/cluster.sh} as a user starts it, on free ports. Confined to a test; stops the
 * cluster when closed.
 */
public final class ClusterScript implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final int NODES = 3;
  private static final int STOP_SECONDS_MAX = 20;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int base;
  private final Map<String, Long> pids = new ConcurrentHashMap<>();

  private ClusterScript(Process process, int base) {
    this.process = process;
    this.base = base;
  }

  /** Starts three nodes and waits for the line that says they are ready. */
  public static ClusterScript start() throws IOException {
    int base = freePorts();
    Process process =
        new ProcessBuilder(
                Path.of("cluster.sh").toAbsolutePath().toString(),
                "--nodes=" + NODES,
                "--ready-max=150",
                "--mqtt-base=" + base,
                "--direct-base=" + (base + 10),
                "--http-base=" + (base + 20),
                "--cluster-base=" + (base + 30))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ClusterScript cluster = new ClusterScript(process, base);
    cluster.awaitReady();
    return cluster;
  }

  private void awaitReady() throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.equals("limpet cluster ready")) {
        readTable(lines);
        return;
      }
    }
    throw new AssertionError("the cluster ended before it was ready; it said " + lines);
  }

  private void readTable(List<String> lines) {
    for (String line : lines) {
      String[] cells = line.split("\\s+");
      if (cells[0].matches("[a-z]")) {
        pids.put(cells[0], Long.valueOf(cells[cells.length - 1]));
      }
    }
    assertThat(pids).hasSize(NODES);
  }

  /** MQTT ports that send clients home. */
  public List<InetSocketAddress> stickyAddresses() {
    return addresses(base);
  }

  /** MQTT ports that serve clients where they land. */
  public List<InetSocketAddress> directAddresses() {
    return addresses(base + 10);
  }

  private static List<InetSocketAddress> addresses(int first) {
    return IntStream.range(first, first + NODES)
        .mapToObj(port -> new InetSocketAddress(HOST, port))
        .toList();
  }

  /** What the first node that answers says at a path of its HTTP interface. */
  public String get(String path) throws InterruptedException {
    for (int node = 0; node < NODES; node++) {
      URI uri = URI.create("http://" + HOST + ":" + (base + 20 + node) + path);
      try {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
      } catch (IOException e) {
        assertThat(e).as("the next node answers in place of %s", uri).isNotNull();
      }
    }
    throw new AssertionError("no node answers " + path);
  }

  /** Kills a node as {@code kill -9} does. */
  public void kill(String node) {
    ProcessHandle.of(pids.get(node)).orElseThrow().destroyForcibly();
  }

  /**
   * Asks the cluster to end, as Ctrl-C does.
   *
   * @return its exit status
   */
  public int stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** The processes of nodes that still run. */
  public List<Long> livingNodes() {
    return pids.values().stream()
        .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  /** The first of forty ports in a row of which those that a cluster needs are free. */
  private static int freePorts() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      boolean free =
          IntStream.range(0, 4)
              .flatMap(kind -> IntStream.range(0, NODES).map(node -> base + 10 * kind + node))
              .allMatch(ClusterScript::isFree);
      if (free) {
        return base;
      }
    }
    throw new AssertionError("no free ports on this machine");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
      return socket.isBound();
    } catch (java.net.BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
