package dev.limpet.cluster.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Issue 7, item 20. The kind: what should be told of trouble is in trouble itself, silently. */
class LogFileWatchTest {
  private static final Path FULL = Path.of("/dev/full");

  private final AtomicLong nanos = new AtomicLong(-9);
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final LogFileWatch watch =
      new LogFileWatch(FULL, new PrintStream(said, true, StandardCharsets.UTF_8), nanos::get);

  private static FileAppender<ILoggingEvent> appender(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    FileAppender<ILoggingEvent> file = new FileAppender<>();
    file.setName("FILE");
    file.setContext(context);
    file.setFile(FULL.toString());
    file.setEncoder(encoder);
    file.start();
    return file;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_full_disk_is_said_once_a_minute_and_shown() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.getStatusManager().add(watch);
    FileAppender<ILoggingEvent> file = appender(context);
    assertThat(watch.isFailing()).isFalse();
    for (int i = 0; i < 1_000; i++) {
      file.doAppend(
          new LoggingEvent("here", context.getLogger("a"), Level.INFO, "line", null, null));
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "limpet: the log file /dev/full cannot be written (No space left on device): its lines"
                + " are lost until it can be\n");
    assertThat(watch.isFailing()).isTrue();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
    assertThat(watch.isFailing()).isTrue();
    context.stop();
  }
}
