package dev.limpet.examples.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** {@code examples/benchmark/run.py} as a user starts it. Immutable. */
final class BenchmarkScript {

  private static final int SECONDS_MAX = 600;

  private BenchmarkScript() {}

  /** What the script said, and its exit status. */
  record Outcome(int status, String out) {}

  /** Runs the script, which compiles its load generator when it needs it. */
  static Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "benchmark/run.py"));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("MQLOAD");
    return run(builder);
  }

  /** Compiles the load generator into a folder, as the script does, with the programs of a path. */
  static Outcome compile(Path folder, String path) throws IOException, InterruptedException {
    String code =
        "import generator, os, pathlib; os.environ['PATH'] = '%s'; generator.compile_to(pathlib.Path('%s') / 'mqload')";
    ProcessBuilder builder =
        new ProcessBuilder("python3", "-B", "-c", code.formatted(path, folder));
    builder.environment().put("PYTHONPATH", "benchmark");
    return run(builder);
  }

  private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
    builder.redirectErrorStream(true).directory(Path.of("").toAbsolutePath().toFile());
    List<String> command = builder.command();
    Process process = start(builder);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroy();
      throw new AssertionError("no end of " + command);
    }
    return new Outcome(process.exitValue(), out);
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      return Assumptions.abort("python3 is not installed: " + e.getMessage());
    }
  }
}
