package dev.limpet.cluster.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 20. The kind: somebody says the same thousands of times, and nothing else can be
 * found in the log.
 */
class BoundedAppenderTest {
  private static final String HAZELCAST = "com.hazelcast.spi.impl.operationservice.impl.Invocation";

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final BoundedAppender bounded = new BoundedAppender();
  private long nowMillis = 1_700_000_000_000L;

  @BeforeEach
  void start() {
    written.start();
    bounded.setContext(context);
    bounded.addTarget(written);
    bounded.start();
  }

  @AfterEach
  void stop() {
    bounded.stop();
    context.stop();
  }

  private void say(String logger, Level level, String message, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent("here", context.getLogger(logger), level, message, null, arguments);
    event.setTimeStamp(nowMillis);
    bounded.doAppend(event);
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void retry(int number) {
    say(
        HAZELCAST,
        Level.WARN,
        "[127.0.0.1]:5701 [limpet] [5.7.0] Retrying invocation: Invocation{op=x, callId="
            + number
            + "}");
  }

  /** The report's own: 10,635 lines in minutes. */
  @Test
  void a_library_that_repeats_itself_writes_a_few_lines_and_a_count() {
    for (int i = 0; i < 10_635; i++) {
      retry(i);
    }
    assertThat(lines()).hasSize(BoundedAppender.LINES_MAX);
    bounded.flush(nowMillis);
    assertThat(lines()).hasSize(BoundedAppender.LINES_MAX);
    bounded.flush(nowMillis + BoundedAppender.WINDOW_MILLIS);
    assertThat(lines())
        .hasSize(BoundedAppender.LINES_MAX + 1)
        .last()
        .isEqualTo("10615 more lines like 'Retrying invocation' were left out");
    assertThat(written.list.get(BoundedAppender.LINES_MAX).getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void other_kinds_and_other_loggers_keep_their_room() {
    for (int i = 0; i < 1_000; i++) {
      retry(i);
    }
    say(HAZELCAST, Level.WARN, "[127.0.0.1]:5701 [limpet] [5.7.0] Something else");
    say("dev.limpet.Other", Level.WARN, "Retrying invocation: {}", 1);
    assertThat(lines()).hasSize(BoundedAppender.LINES_MAX + 2);
  }

  @Test
  void a_new_window_has_new_room_and_begins_with_the_count() {
    for (int i = 0; i < 25; i++) {
      retry(i);
    }
    nowMillis += BoundedAppender.WINDOW_MILLIS;
    retry(25);
    assertThat(lines()).hasSize(22);
    assertThat(lines().get(20)).startsWith("5 more lines like ");
    assertThat(lines().get(21)).contains("callId=25");
  }

  @Test
  void whoever_asks_for_debug_gets_all_of_it() {
    for (int i = 0; i < 1_000; i++) {
      say("dev.limpet.Some", Level.DEBUG, "step {}", i);
    }
    assertThat(lines()).hasSize(1_000);
  }

  @Test
  void kinds_are_bounded_too() {
    for (int i = 0; i < 5 * BoundedAppender.KINDS_MAX; i++) {
      say("logger" + i, Level.INFO, "a line");
    }
    assertThat(lines()).hasSize(5 * BoundedAppender.KINDS_MAX);
  }

  /** The same item: six lines at a graceful stop that say that a node which stops is stopping. */
  @Test
  void that_a_call_of_a_stopping_node_ends_twice_is_no_line() {
    String notActive =
        "ExceptionalResult{cause=com.hazelcast.core.HazelcastInstanceNotActiveException: x}";
    String twice =
        "[127.0.0.1]:1 [a] [5.7.0] Future.complete(Object) on completed future. Request: Invocation"
            + "{op=y}, current value: %s, offered value: %s";
    say(HAZELCAST, Level.WARN, twice.formatted(notActive, notActive));
    assertThat(lines()).isEmpty();
    say(HAZELCAST, Level.WARN, twice.formatted("1", notActive));
    say("dev.limpet.Other", Level.WARN, twice.formatted(notActive, notActive));
    assertThat(lines()).hasSize(2);
  }
}
