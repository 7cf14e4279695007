package dev.limpet.cluster.clock;

import static dev.limpet.cluster.clock.SkewedNode.pass;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.limpet.broker.mqtt.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClockWatchTest {
  private final List<SkewedNode> all = new ArrayList<>();
  private final SkewedNode here = new SkewedNode(all, "a", 0);
  private final SkewedNode ahead = new SkewedNode(all, "b", 310_000);
  private final SkewedNode behind = new SkewedNode(all, "c", -3_000);
  private final SkewedNode right = new SkewedNode(all, "d", 1_900);
  private final Set<NodeId> live = new HashSet<>(Set.of(here.id, ahead.id, behind.id, right.id));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClockWatch watch = new ClockWatch(here.clock, () -> live, registry);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(ClockWatch.class);

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
    here.joinsAfter();
    measure();
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
    log.setLevel(null);
  }

  private void measure() {
    here.asks(ahead, 1, 1);
    here.asks(behind, 1, 1);
    here.asks(right, 1, 1);
    watch.look();
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(each -> each.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private double gauge(SkewedNode peer) {
    return registry.get(ClockWatch.GAUGE).tag("peer", peer.id.name()).gauge().value();
  }

  @Test
  void clocks_more_than_two_seconds_apart_are_told_of_with_what_to_do() {
    assertThat(watch.sentences())
        .containsExactly(
            "The clock of node b is 310.0 s ahead of this node's.",
            "The clock of node c is 3.0 s behind this node's.");
    assertThat(warnings()).hasSize(2);
    assertThat(warnings().get(0)).startsWith(watch.sentences().get(0)).contains("NTP");
    assertThat(gauge(ahead)).isBetween(309_990.0, 310_000.0);
    assertThat(gauge(behind)).isBetween(-3_000.0, -2_990.0);
    assertThat(gauge(right)).isBetween(1_890.0, 1_900.0);
  }

  @Test
  void a_warning_is_repeated_after_ten_minutes_and_ends_when_the_clock_is_right() {
    for (int i = 0; i < 5; i++) {
      measure();
    }
    assertThat(warnings()).hasSize(2);
    pass(600_000, all);
    measure();
    assertThat(warnings()).hasSize(4);
    ahead.setWallBy(-310_000);
    behind.setWallBy(3_000);
    measure();
    assertThat(watch.sentences()).isEmpty();
    assertThat(warnings()).hasSize(4);
  }

  @Test
  void a_slow_answer_is_no_reason_to_warn() {
    right.setWallBy(-1_900);
    here.asks(right, 30_000, 0);
    watch.look();
    assertThat(watch.sentences()).noneMatch(each -> each.contains("node d"));
  }

  @Test
  void a_peer_that_left_is_forgotten() {
    live.remove(ahead.id);
    watch.look();
    assertThat(watch.sentences()).hasSize(1);
    assertThat(registry.find(ClockWatch.GAUGE).tag("peer", "b").gauge()).isNull();
  }
}
