package dev.limpet.cluster.cli;

import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;

/**
 * Sets up what the process logs, by system properties that logback and Hazelcast read when they
 * wake up. To be called before anything logs. Stateless.
 */
final class Logging {

  private static final String FOLDER = "dev/limpet/cluster/cli/";

  private Logging() {}

  /** For commands that are no node, and for failures before a node's options are known. */
  static void forTerminal() {
    String level = System.getenv(OptionKey.LOG_LEVEL.variable());
    configure("logback-terminal.xml", level == null ? "warn" : level);
  }

  /** For a node: to standard error, and to a file if it has a data directory. */
  static void forNode(NodeOptions options) {
    options
        .dataDir()
        .ifPresent(
            dir -> System.setProperty("limpet.log.file", dir.resolve("limpet.log").toString()));
    configure(
        options.dataDir().isPresent() ? "logback-file.xml" : "logback-terminal.xml",
        options.logLevel());
  }

  private static void configure(String file, String level) {
    setIfAbsent("logback.configurationFile", FOLDER + file);
    setIfAbsent("limpet.log.level", level);
    if (level.equals("debug") || level.equals("trace")) {
      setIfAbsent("limpet.log.trace", "%ex");
    }
    setIfAbsent("hazelcast.logging.type", "slf4j");
  }

  /** Whoever gives a property to the JVM knows better. */
  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
