package dev.limpet.cluster.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeldomWarningTest {
  private final Logger log = new LoggerContext().getLogger("seldom");
  private final ListAppender<ILoggingEvent> shown = new ListAppender<>();
  private final AtomicLong clock = new AtomicLong(-5);
  private final SeldomWarning warning = new SeldomWarning(log, clock::get);

  @BeforeEach
  void listen() {
    shown.start();
    log.addAppender(shown);
    log.setLevel(Level.WARN);
  }

  @Test
  void the_first_is_shown_and_a_flood_is_counted() {
    for (int i = 0; i < 1_000; i++) {
      warning.warn("A frame failed", new IllegalArgumentException("no such kind"));
    }
    assertThat(messages())
        .containsExactly("A frame failed: java.lang.IllegalArgumentException: no such kind");
    clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
    warning.warn("A frame failed", new IllegalArgumentException("too long"));
    assertThat(messages())
        .last()
        .asString()
        .endsWith("too long (and 999 more like it since the last one shown)");
    assertThat(shown.list).allMatch(event -> event.getThrowableProxy() == null);
  }

  @Test
  void each_is_there_for_who_asks_for_debug() {
    log.setLevel(Level.DEBUG);
    warning.warn("A frame failed", new IllegalArgumentException("x"));
    warning.warn("A frame failed", new IllegalArgumentException("x"));
    assertThat(messages()).hasSize(3).filteredOn(text -> text.equals("A frame failed")).hasSize(2);
    assertThat(shown.list.get(0).getThrowableProxy()).isNotNull();
  }

  private List<String> messages() {
    return shown.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
