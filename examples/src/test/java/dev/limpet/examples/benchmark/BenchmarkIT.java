package dev.limpet.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short rows of the benchmark against the executable (issue 7, item 24); needs a C compiler. */
class BenchmarkIT {

  /** Skips all where nothing can be compiled. */
  @BeforeAll
  static void requireCompiler(@TempDir Path folder) throws Exception {
    Mqload.compiled(folder);
  }

  @Test
  void a_row_is_measured_and_printed() throws Exception {
    BenchmarkScript.Outcome row =
        BenchmarkScript.run(
            "--rows=pairs100q1",
            "--brokers=limpet",
            "--rounds=1",
            "--seconds=1",
            "--warm=1",
            "--warm-up=1");

    assertThat(row.status()).as(row.out()).isZero();
    assertThat(row.out()).containsPattern("\\| 100 pairs, QoS 1 \\| [1-9][0-9,]* · [1-9]");
  }

  @Test
  void a_row_of_a_cluster_that_has_just_started_is_measured() throws Exception {
    BenchmarkScript.Outcome row =
        BenchmarkScript.run(
            "--rows=three-durableconnectscold", "--brokers=cluster", "--rounds=1", "--seconds=1");

    assertThat(row.status()).as(row.out()).isZero();
    assertThat(row.out())
        .containsPattern("\\| connects with SUBSCRIBE, durable, cold \\| [1-9][0-9,]* · [1-9]");
  }
}
