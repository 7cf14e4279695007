package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.limpet.cluster.cli.logging.Logging;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What libraries may say before a node knows its log level. */
class LoggingTest {

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  @AfterEach
  void asBefore() {
    root.setLevel(before);
  }

  @Test
  void reading_the_options_of_a_node_is_quiet() {
    root.setLevel(Level.DEBUG);
    Console.withoutNodes()
        .run("node", "--listener", "mqtt://127.0.0.1:0?proxy=required&trusted=nowhere");
    assertThat(root.getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void a_stricter_level_stays() {
    root.setLevel(Level.ERROR);
    Logging.whileReading();
    assertThat(root.getLevel()).isEqualTo(Level.ERROR);
  }
}
