package dev.limpet.cluster.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.log.LogFileWatch;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the logging of the process. Call before anything logs; the first call counts, and a
 * logback file named to the JVM ({@code -Dlogback.configurationFile=…}) takes precedence.
 * Thread-safe: atomic fields.
 */
public final class Logging {

  private static final String LOGBACK_FILE = "logback.configurationFile";

  private static final AtomicBoolean DONE = new AtomicBoolean();

  private static final AtomicReference<@Nullable LogFileWatch> FILE = new AtomicReference<>();

  private static final AtomicReference<@Nullable OutputStreamAppender<ILoggingEvent>> WRITER =
      new AtomicReference<>();

  private Logging() {}

  /** Shows libraries' messages from WARN on while a node's options are read. */
  public static void whileReading() {
    if (System.getProperty(LOGBACK_FILE) == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      if (!root.getEffectiveLevel().isGreaterOrEqual(Level.WARN)) {
        root.setLevel(Level.WARN);
      }
    }
  }

  /** For commands that are no node, and for failures before a node's options are known. */
  public static void forTerminal() {
    String level = System.getenv(OptionKey.LOG_LEVEL.variable());
    configure(level == null ? "warn" : level, Appenders::toTerminal);
  }

  /** For a node: to standard error, and to a file if it has a data directory. */
  public static void forNode(NodeOptions options) {
    configure(
        options.log().level(),
        appenders -> {
          appenders.toTerminal();
          options.log().dataDir().ifPresent(dir -> appenders.toFile(dir.resolve("limpet.log")));
        });
  }

  /** Remembers who writes the log file, and who knows whether it can be written. */
  static void watches(OutputStreamAppender<ILoggingEvent> writer, LogFileWatch file) {
    WRITER.set(writer);
    FILE.set(file);
  }

  /** The log file, open now; null where there is none. Allocates nothing. */
  public static @Nullable OutputStream logFile() {
    OutputStreamAppender<ILoggingEvent> writer = WRITER.get();
    return writer == null ? null : writer.getOutputStream();
  }

  /** Whether lines of the log file are lost now. */
  public static boolean isFileFailing() {
    LogFileWatch file = FILE.get();
    return file != null && file.isFailing();
  }

  private interface Targets {
    void add(Appenders appenders);
  }

  private static void configure(String level, Targets targets) {
    if (!DONE.compareAndSet(false, true)) {
      return;
    }
    if (System.getProperty("hazelcast.logging.type") == null) {
      System.setProperty("hazelcast.logging.type", "slf4j");
    }
    if (System.getProperty(LOGBACK_FILE) == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      levels(context, level);
      Appenders appenders = new Appenders(context, level.equals("debug") || level.equals("trace"));
      targets.add(appenders);
      appenders.start();
    }
  }

  /** Limpet's loggers at the configured level, all others only from WARN on. */
  private static void levels(LoggerContext context, String level) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger("dev.limpet").setLevel(Level.toLevel(level, Level.INFO));
    // Each broken connection in many words; that a node left is said by ours.
    context.getLogger("com.hazelcast.internal.server.tcp").setLevel(Level.ERROR);
    // Warns of every end without a farewell, even when no member is left to receive one.
    context.getLogger("com.hazelcast.instance.impl.Node").setLevel(Level.ERROR);
  }
}
