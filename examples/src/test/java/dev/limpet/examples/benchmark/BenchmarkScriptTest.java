package dev.limpet.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the benchmark's options and its README true, also where there is no C compiler. */
class BenchmarkScriptTest {

  @Test
  void help_names_every_row_every_broker_and_the_load_generator() throws Exception {
    BenchmarkScript.Outcome help = BenchmarkScript.run("--help");

    assertThat(help.status()).as(help.out()).isZero();
    assertThat(help.out()).contains("mqload", "pairs100q1", "fanout1000q0", "paced500q1");
    assertThat(help.out())
        .contains("durable100q1", "durableconnectscold", "three-durable100q1cold");
    assertThat(help.out()).contains("limpet,mosquitto,nats,flashmq,cluster");
  }

  @Test
  void without_a_compiler_it_says_what_is_missing(@TempDir Path folder) throws Exception {
    BenchmarkScript.Outcome refused = BenchmarkScript.compile(folder, folder.toString());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).contains("the load generator needs a C compiler: install gcc");
  }

  @Test
  void an_unknown_row_is_refused_by_name() throws Exception {
    BenchmarkScript.Outcome refused = BenchmarkScript.run("--rows", "pears");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).contains("pears is none of pairs100q0");
  }
}
