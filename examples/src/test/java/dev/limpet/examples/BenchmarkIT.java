package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

/** One short row of the benchmark against the executable; needs MQLOAD, the load generator. */
class BenchmarkIT {

  @Test
  void a_row_is_measured_and_printed() throws Exception {
    String mqload = System.getenv("MQLOAD");
    assumeThat(mqload).as("MQLOAD, the load generator").isNotNull();

    BenchmarkScript.Outcome row =
        BenchmarkScript.run(
            "--mqload=" + mqload,
            "--rows=pairs100q1",
            "--brokers=limpet",
            "--rounds=1",
            "--seconds=1",
            "--warm=1");

    assertThat(row.status()).as(row.out()).isZero();
    assertThat(row.out()).containsPattern("\\| 100 pairs, QoS 1 \\| [1-9][0-9,]* · [1-9]");
  }
}
