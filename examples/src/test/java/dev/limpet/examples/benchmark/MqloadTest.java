package dev.limpet.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 24: the load generator can be trusted. It finds what a server does wrong, and finds
 * nothing where nothing is.
 */
class MqloadTest {

  @TempDir static Path folder;

  private static Mqload mqload;

  @BeforeAll
  static void compile() throws Exception {
    mqload = Mqload.compiled(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "LOSES, 1, lost",
    "REPEATS, 0, duplicates",
    "REORDERS, 0, out of order",
    "DAMAGES, 0, damaged"
  })
  void what_a_server_does_wrong_is_found(FaultyServer.Fault fault, int qos, String word)
      throws Exception {
    try (FaultyServer server = new FaultyServer(fault)) {
      Mqload.Outcome run = mqload.pairs(server.port(), 1, qos);
      assertThat(run.status()).as(run.out()).isEqualTo(3);
      assertThat(run.out().lines().filter(line -> line.contains("VIOLATION")))
          .as(run.out())
          .anyMatch(line -> line.contains(word));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_server_that_does_nothing_wrong_is_not_blamed(int qos) throws Exception {
    try (FaultyServer server = new FaultyServer(FaultyServer.Fault.NONE)) {
      Mqload.Outcome run = mqload.pairs(server.port(), 1, qos);
      assertThat(run.status()).as(run.out()).isZero();
      assertThat(run.out()).contains("\"delivered_per_s\"").doesNotContain("VIOLATION");
    }
  }

  @Test
  void the_broker_keeps_its_promises() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      for (int qos = 0; qos <= 2; qos++) {
        Mqload.Outcome run = mqload.pairs(broker.port(), 5, qos);
        assertThat(run.status()).as(run.out()).isZero();
      }
    }
  }
}
