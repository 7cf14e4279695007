package dev.limpet.cluster.clock;

import static dev.limpet.cluster.clock.SkewedNode.TRUE_MILLIS;
import static dev.limpet.cluster.clock.SkewedNode.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, item 9. The kind: a time that one node writes and another judges by a clock of its own.
 */
class ClusterClockTest {
  private static final long FIVE_MINUTES = TimeUnit.MINUTES.toMillis(5);
  private static final Offset<Long> ROUNDING = within(2L);

  private final List<SkewedNode> all = new ArrayList<>();
  private final SkewedNode first = new SkewedNode(all, "first", 0);
  private final SkewedNode second = new SkewedNode(all, "second", FIVE_MINUTES);
  private final SkewedNode third = new SkewedNode(all, "third", -2 * FIVE_MINUTES);

  private static void assertSameTime(SkewedNode a, SkewedNode b) {
    assertThat(a.clock.getAsLong()).isCloseTo(b.clock.getAsLong(), ROUNDING);
  }

  @Test
  void the_first_node_is_set_at_once_and_another_when_it_has_measured() {
    assertThat(first.joinsAfter().toCompletableFuture()).isCompleted();
    CompletableFuture<Void> set = second.joinsAfter(first).toCompletableFuture();
    assertThat(set).isNotDone();
    assertThat(second.clock.isSet()).isFalse();
    second.asks(first, 3, 3);
    assertThat(set).isCompleted();
    assertSameTime(first, second);
    assertThat(first.clock.getAsLong()).isEqualTo(TRUE_MILLIS + 6);
  }

  @Test
  void a_node_that_does_not_know_the_time_itself_is_not_followed() {
    first.joinsAfter();
    second.joinsAfter(first);
    CompletableFuture<Void> set = third.joinsAfter(first, second).toCompletableFuture();
    third.asks(second, 1, 1);
    assertThat(set).isNotDone();
    second.asks(first, 1, 1);
    third.asks(second, 1, 1); // its link to the first does not come about
    assertThat(set).isCompleted();
    assertSameTime(first, third);
  }

  @Test
  void an_answer_that_took_long_is_wrong_by_half_of_that_and_a_quick_one_mends_it() {
    first.joinsAfter();
    second.joinsAfter(first);
    second.asks(first, 0, 4_000);
    assertThat(second.clock.getAsLong()).isCloseTo(first.clock.getAsLong(), within(2_002L));
    second.asks(first, 2, 2);
    assertSameTime(first, second);
    second.asks(first, 0, 4_000); // starved for a while: the better measurement counts
    assertSameTime(first, second);
  }

  @Test
  void the_next_node_goes_on_with_the_same_time_when_the_first_leaves() {
    first.joinsAfter();
    second.joinsAfter(first);
    third.joinsAfter(first, second);
    second.asks(first, 1, 1);
    third.asks(first, 1, 1);
    pass(60_000, all);
    second.seesLeave(first);
    third.seesLeave(first);
    third.asks(second, 1, 1);
    assertSameTime(second, third);
    assertThat(second.clock.getAsLong()).isCloseTo(TRUE_MILLIS + 60_005, within(5L));
    SkewedNode joiner = new SkewedNode(all, "joiner", -FIVE_MINUTES);
    joiner.joinsAfter(second, third);
    joiner.asks(second, 1, 1);
    assertSameTime(second, joiner);
  }

  @Test
  void setting_a_wall_clock_changes_nobodys_time() {
    first.joinsAfter();
    second.joinsAfter(first);
    second.asks(first, 1, 1);
    long before = first.clock.getAsLong();
    first.setWallBy(TimeUnit.DAYS.toMillis(365));
    second.setWallBy(-TimeUnit.DAYS.toMillis(365));
    pass(1_000, all);
    second.asks(first, 0, 0);
    assertThat(first.clock.getAsLong()).isEqualTo(before + 1_000);
    assertSameTime(first, second);
  }

  @Test
  void a_node_that_was_suspended_takes_the_time_of_those_that_went_on() {
    first.joinsAfter();
    second.joinsAfter(first);
    second.asks(first, 1, 1);
    pass(TimeUnit.HOURS.toMillis(1), List.of(first)); // the second machine sleeps
    second.asks(first, 1, 1);
    assertSameTime(first, second);
  }

  @Test
  void an_elder_that_is_silent_is_passed_over_once_its_measurement_is_old() {
    first.joinsAfter();
    second.joinsAfter(first);
    third.joinsAfter(first, second);
    second.asks(first, 1, 1);
    third.asks(first, 1, 1);
    pass(20_000, all);
    long before = third.clock.getAsLong();
    third.asks(second, 1, 1);
    assertThat(third.clock.getAsLong()).isCloseTo(before + 2, within(3L));
    assertSameTime(second, third);
  }
}
