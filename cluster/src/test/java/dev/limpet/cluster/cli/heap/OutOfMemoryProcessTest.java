package dev.limpet.cluster.cli.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Issue 7, item 4: a node that runs out of memory ends, with a line and a status of its own, in
 * whatever way it was started and whoever has met the error. The kind: a process that can do its
 * work no more, and stays. These are real processes with a small heap and no flag that would end
 * them.
 */
class OutOfMemoryProcessTest {

  private static final Duration WAIT = Duration.ofSeconds(150);

  @TempDir private Path dir;
  private Process node;

  @AfterEach
  void endProcess() {
    node.destroyForcibly();
  }

  @ParameterizedTest
  @CsvSource({"DIES, G1", "LOGS, G1", "SWALLOWS, G1", "SWALLOWS, Serial", "LOGS, Parallel"})
  void a_node_without_heap_says_so_and_ends(HeapEater.Manner manner, String collector)
      throws Exception {
    start(manner, collector);
    await().atMost(WAIT).until(() -> !node.isAlive() || output().contains(" is ready: "));
    try (OutputStream input = node.getOutputStream()) {
      input.write('\n');
      input.flush();
      assertThat(node.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS))
          .as("ends by itself; it said %s", output())
          .isTrue();
    }
    assertThat(node.exitValue()).as(output()).isEqualTo(HeapEnd.STATUS);
    String line = "limpet: node a has run out of memory (heap at most ";
    assertThat(output()).containsOnlyOnce(line);
    assertThat(Files.readString(dir.resolve("data/limpet.log"))).containsOnlyOnce(line);
  }

  private void start(HeapEater.Manner manner, String collector) throws IOException {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+Use" + collector + "GC",
            "-cp",
            classPath(),
            HeapEater.class.getName(),
            manner.name(),
            "--name=a",
            "--mqtt=0",
            "--http=0",
            "--cluster=" + freePort(),
            "--data=" + dir.resolve("data"));
    node =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("output").toFile())
            .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Without the tests' own logging, but with the one class that eats. */
  private String classPath() throws IOException {
    Path classes = dir.resolve("classes");
    for (Class<?> each : List.of(HeapEater.class, HeapEater.Manner.class)) {
      String file = each.getName().replace('.', '/') + ".class";
      Files.createDirectories(classes.resolve(file).getParent());
      copyClass(file, classes.resolve(file));
    }
    return Stream.concat(
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar")),
            Stream.of(classes.toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void copyClass(String file, Path target) throws IOException {
    try (InputStream bytes = HeapEater.class.getClassLoader().getResourceAsStream(file)) {
      Files.copy(bytes, target);
    }
  }

  private String output() throws IOException {
    Path file = dir.resolve("output");
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
