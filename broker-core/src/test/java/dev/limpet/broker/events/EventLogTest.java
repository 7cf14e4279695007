package dev.limpet.broker.events;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Issue 7, item 19: one line for each event, bounded, and nothing in it that a client forged. */
class EventLogTest {
  private static final Client PUMP = new Client("pump", "alice", "192.0.2.7:5000", "mqtt://x:1883");

  private final Logger logger = (Logger) LoggerFactory.getLogger(EventLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EventLog events = new EventLog(nanos::get, true);

  @BeforeEach
  void listen() {
    events.register(registry);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void a_line_names_the_client_its_user_address_and_listener_and_why() {
    events.tell(EventKind.LOGIN_REFUSED, PUMP, "the password is wrong");
    assertThat(said())
        .containsExactly(
            "client 'pump' (user 'alice') from 192.0.2.7:5000 at mqtt://x:1883 was refused:"
                + " the password is wrong");
  }

  @Test
  void the_lines_of_a_kind_are_bounded_and_what_was_left_out_is_counted() {
    for (int i = 0; i < 100; i++) {
      events.tell(EventKind.DROPPED, PUMP, "its queue is full");
    }
    events.tell(EventKind.TAKEN_OVER, PUMP, "another kind has its own room");
    assertThat(said()).hasSize(EventKind.LINES_MAX + 1);
    events.flush();
    assertThat(said()).as("not while the second lasts").hasSize(EventKind.LINES_MAX + 1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    events.flush();
    events.flush();
    assertThat(said())
        .hasSize(EventKind.LINES_MAX + 2)
        .last()
        .isEqualTo("90 more lines of kind dropped were left out");
    assertThat(
            registry.get("limpet.client.events").tag("kind", "dropped").functionCounter().count())
        .isEqualTo(100);
  }

  @Test
  void what_was_left_out_follows_the_next_line_when_nobody_flushes() {
    for (int i = 0; i < 15; i++) {
      events.tell(EventKind.DROPPED, PUMP, "x");
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    events.tell(EventKind.DROPPED, PUMP, "x");
    assertThat(said()).hasSize(12).last().isEqualTo("5 more lines of kind dropped were left out");
  }

  @Test
  void connects_are_for_debug_where_the_operator_says_so() {
    EventLog quiet = new EventLog(nanos::get, false);
    quiet.tell(EventKind.CONNECTED, PUMP, "a durable session");
    assertThat(said()).isEmpty();
    events.tell(EventKind.CONNECTED, PUMP, "a durable session");
    assertThat(said()).hasSize(1);
    assertThat(quiet.count(EventKind.CONNECTED)).isOne();
  }

  @Test
  void a_client_can_forge_no_line_and_hide_nothing() {
    Client forger = new Client("a\r\n12:00 ERROR\u001b[2J\u202e\u0000", "b\nc", null, null);
    events.tell(EventKind.TOPIC_REFUSED, forger, "publish to x\ny" + "z".repeat(1_000));
    assertThat(said())
        .singleElement()
        .asString()
        .startsWith(
            "client 'a\\u000d\\u000a12:00 ERROR\\u001b[2J\\u202e\\u0000' (user 'b\\u000ac')")
        .contains("publish to x\\u000ay")
        .doesNotContainPattern("\\p{Cntrl}")
        .hasSizeLessThan(500);
  }
}
