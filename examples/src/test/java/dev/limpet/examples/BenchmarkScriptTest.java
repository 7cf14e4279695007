package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Keeps the benchmark's options and its README true where no load generator is installed. */
class BenchmarkScriptTest {

  @Test
  void help_names_every_row_and_the_load_generator() throws Exception {
    BenchmarkScript.Outcome help = BenchmarkScript.run("--help");

    assertThat(help.status()).as(help.out()).isZero();
    assertThat(help.out()).contains("mqload", "pairs100q1", "fanout1000q0", "paced500q1");
  }

  @Test
  void without_a_load_generator_it_says_what_is_missing() throws Exception {
    BenchmarkScript.Outcome refused = BenchmarkScript.run("--rows", "pairs100q0");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).contains("--mqload PATH or MQLOAD=PATH");
  }

  @Test
  void an_unknown_row_is_refused_by_name() throws Exception {
    BenchmarkScript.Outcome refused = BenchmarkScript.run("--rows", "pears");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).contains("pears is none of pairs100q0");
  }
}
