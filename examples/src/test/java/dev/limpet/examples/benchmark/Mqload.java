package dev.limpet.examples.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The load generator of examples/benchmark, compiled for these tests. Immutable. */
record Mqload(Path binary) {

  private static final int SECONDS_MAX = 120;

  /** What it said, and its exit status: 0 good, 3 the broker broke a promise. */
  record Outcome(int status, String out) {}

  /** Compiles it into a folder; where there is no C compiler, the test is skipped and says so. */
  static Mqload compiled(Path folder) throws IOException, InterruptedException {
    Path binary = folder.resolve("mqload");
    List<String> command = List.of("gcc", "-O2", "-o", binary.toString(), "benchmark/mqload.c");
    try {
      Outcome done = run(command);
      if (done.status != 0) {
        throw new AssertionError("mqload.c does not compile: " + done.out);
      }
    } catch (IOException e) {
      Assumptions.abort("gcc is not installed: " + e.getMessage());
    }
    return new Mqload(binary);
  }

  /** One second of pairs, paced, against a port of this machine. */
  Outcome pairs(int port, int pairs, int qos) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(binary.toString(), "pairs", "--rate", "200"));
    command.addAll(List.of("-h", "127.0.0.1:" + port, "-P", "" + pairs, "-q", "" + qos));
    command.addAll(List.of("-d", "1", "-w", "0", "--settle", "0.1", "--drain", "10", "--json"));
    return run(command);
  }

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end of " + command);
    }
    return new Outcome(process.exitValue(), out);
  }
}
