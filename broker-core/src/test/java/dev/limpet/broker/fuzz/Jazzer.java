package dev.limpet.broker.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs Jazzer on a target in a process of its own, so that its agent and its native library touch
 * no other test. How long: system property {@code fuzz.seconds}, else {@code fuzz.runs} inputs
 * (default {@value #RUNS}), which are the same in every run. Stateless.
 *
 * <p>Where Jazzer cannot start (no library for this machine, no agent allowed) the test is aborted
 * and says so; the seeds are replayed without it in any case.
 */
public final class Jazzer {
  private static final String MAIN = "com.code_intelligence.jazzer.Jazzer";
  private static final int RUNS = 20_000;

  /** However slow the machine: as far as it came by then is enough for a build. */
  private static final int SECONDS_MAX = 60;

  private static final int INPUT_BYTES_MAX = 4_096;

  /** libFuzzer's exits for a time-out, too much memory, a finding. */
  private static final List<Integer> FINDINGS = List.of(70, 71, 77);

  /** What it says when it has begun. */
  private static final String BEGUN = "INITED";

  private Jazzer() {}

  /** Searches; fails with the input's place when something was found. */
  public static void search(FuzzTarget target) {
    assertThat(target.hasEntry()).isTrue();
    Path room = Path.of("target", "fuzz", target.type().getSimpleName()).toAbsolutePath();
    try {
      Path corpus = Files.createDirectories(room.resolve("corpus"));
      for (int i = 0; i < target.seeds().size(); i++) {
        Files.write(corpus.resolve("seed-" + i), target.seeds().get(i));
      }
      Path log = room.resolve("log.txt");
      int exit = run(command(target, room, corpus), log);
      judge(exit, Files.readString(log), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(FuzzTarget target, Path room, Path corpus) {
    Integer seconds = Integer.getInteger("fuzz.seconds");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-Xss1m", "-XX:+EnableDynamicAgentLoading"));
    command.addAll(List.of("-Dfile.encoding=UTF-8", "-Djdk.attach.allowAttachSelf=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.add("--target_class=" + target.type().getName());
    command.add("--instrumentation_includes=dev.limpet.**");
    // Elsewhere its detectors only cost time, and that of Unsafe breaks Netty.
    command.add("--custom_hook_includes=dev.limpet.**");
    command.add("--reproducer_path=" + room);
    command.add("-artifact_prefix=" + room + "/");
    command.add("-max_len=" + INPUT_BYTES_MAX);
    // Memory is bounded by the heap; the peak it would look at is that of the parent before exec.
    command.add("-rss_limit_mb=0");
    command.add("-print_final_stats=1");
    if (seconds == null) {
      command.add("-seed=1");
      command.add("-runs=" + Integer.getInteger("fuzz.runs", RUNS));
    }
    command.add("-max_total_time=" + (seconds == null ? SECONDS_MAX : seconds));
    command.add(corpus.toString());
    return command;
  }

  private static int run(List<String> command, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the fuzzer runs", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void judge(int exit, String output, Path log) {
    if (exit != 0 && !FINDINGS.contains(exit) && !output.contains(BEGUN)) {
      abort("Jazzer cannot start here (exit " + exit + "), see " + log);
    }
    assertThat(exit).as("exit of Jazzer, whose findings are beside %s:\n%s", log, output).isZero();
    assertThat(output).contains(BEGUN);
  }
}
