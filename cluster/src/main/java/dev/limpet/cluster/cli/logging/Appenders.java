package dev.limpet.cluster.cli.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.limpet.cluster.log.BoundedAppender;
import dev.limpet.cluster.log.LogFileWatch;
import java.nio.file.Path;
import org.slf4j.Logger;

/**
 * Builds the appenders for log lines. In code, not in logback's XML, whose parser would stay in the
 * memory of each node. Confined to the thread that sets up logging.
 */
final class Appenders {

  private static final int OLD_FILES_MAX = 5;
  private static final long FILE_BYTES_MAX = 10L << 20;

  /** Text from a client or a library cannot start a new line or send terminal escapes. */
  private static final String MESSAGE = "%replace(%msg){'[\\p{Cntrl}]','?'}%n";

  private final LoggerContext context;
  private final boolean stackTraces;
  private final BoundedAppender bounded = new BoundedAppender();

  /**
   * Begins with none.
   *
   * @param stackTraces whether the terminal shows them; files always do
   */
  Appenders(LoggerContext context, boolean stackTraces) {
    this.context = context;
    this.stackTraces = stackTraces;
  }

  /** From now on lines are written. */
  void start() {
    bounded.setName("BOUNDED");
    bounded.setContext(context);
    bounded.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(bounded);
  }

  /** Adds standard error. */
  void toTerminal() {
    ConsoleAppender<ILoggingEvent> terminal = new ConsoleAppender<>();
    terminal.setTarget("System.err");
    String trace = stackTraces ? "%ex" : "%ex{0}";
    add(terminal, "TERMINAL", "%d{HH:mm:ss.SSS} %-5level %logger{0}: " + MESSAGE + trace);
  }

  /** Adds a file, rolled over when it is full; reports failures on standard error. */
  void toFile(Path path) {
    LogFileWatch watch = new LogFileWatch(path, System.err, System::nanoTime);
    context.getStatusManager().add(watch);
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    Logging.watches(file, watch);
    file.setFile(path.toString());
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(path + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLD_FILES_MAX);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
    full.setContext(context);
    full.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
    full.start();
    file.setRollingPolicy(rolling);
    file.setTriggeringPolicy(full);
    add(
        file,
        "FILE",
        // Its last letters are the offset of the time zone.
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{20}: " + MESSAGE);
  }

  private void add(OutputStreamAppender<ILoggingEvent> appender, String name, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    appender.setName(name);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    bounded.addTarget(appender);
  }
}
