package dev.limpet.broker.connection.contest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 16. The kind: clients that undo each other's work as fast as they can keep a node
 * busy with nothing. With a clock of our own.
 */
class ContestedIdsTest {
  private static final ClientId PUMP = ClientId.of("pump");
  private static final long PAUSE_MAX = 10_000;

  private final AtomicLong nanos = new AtomicLong(-3);
  private final ContestedIds ids = new ContestedIds(PAUSE_MAX, nanos::get);

  private void passMillis(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void takeovers(int count) {
    for (int i = 0; i < count; i++) {
      ids.takenOver(PUMP);
    }
  }

  @Test
  void a_client_that_changes_networks_a_few_times_never_waits() {
    takeovers(ContestedIds.FREE);
    assertThat(ids.pauseMillis(PUMP)).isZero();
    for (int i = 0; i < 100; i++) {
      passMillis(ContestedIds.FORGIVE_SECONDS * 1_000L);
      ids.takenOver(PUMP);
      assertThat(ids.pauseMillis(PUMP)).isZero();
    }
  }

  @Test
  void a_fleet_that_comes_back_at_once_never_waits() {
    for (int i = 0; i < 50_000; i++) {
      ClientId each = ClientId.of("c" + i);
      ids.takenOver(each);
      assertThat(ids.pauseMillis(each)).isZero();
    }
    assertThat(ids.size()).isLessThanOrEqualTo(ContestedIds.IDS_MAX);
  }

  @Test
  void each_further_takeover_doubles_the_pause_up_to_the_bound() {
    takeovers(ContestedIds.FREE);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ids.takenOver(PUMP);
      pauses.add(ids.pauseMillis(PUMP));
    }
    assertThat(pauses)
        .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, PAUSE_MAX, PAUSE_MAX);
    assertThat(ids.pauseMillis(ClientId.of("other"))).isZero();
  }

  @Test
  void two_clients_with_one_id_come_to_one_takeover_in_ten_seconds() {
    int takeovers = 0;
    long endNanos = nanos.get() + TimeUnit.MINUTES.toNanos(10);
    int inTheFirstMinute = 0;
    while (nanos.get() - endNanos < 0) {
      passMillis(2 + ids.pauseMillis(PUMP));
      ids.takenOver(PUMP);
      takeovers++;
      if (endNanos - nanos.get() > TimeUnit.MINUTES.toNanos(9)) {
        inTheFirstMinute++;
      }
    }
    assertThat(inTheFirstMinute).isLessThan(30);
    assertThat(takeovers).isBetween(60, 100);
  }

  @Test
  void all_is_forgiven_and_forgotten_in_time() {
    takeovers(1_000);
    assertThat(ids.pauseMillis(PUMP)).isEqualTo(PAUSE_MAX);
    passMillis(ContestedIds.FORGIVE_SECONDS * 1_000L * 11);
    assertThat(ids.pauseMillis(PUMP)).isZero();
    passMillis(ContestedIds.FORGIVE_SECONDS * 1_000L * 11);
    assertThat(ids.pauseMillis(PUMP)).isZero();
    assertThat(ids.size()).isZero();
  }

  @Test
  void of_too_many_ids_the_quietest_is_forgotten() {
    takeovers(ContestedIds.FREE + 1);
    for (int i = 0; i < 3 * ContestedIds.IDS_MAX; i++) {
      ids.takenOver(ClientId.of("c" + i));
      ids.pauseMillis(PUMP);
    }
    assertThat(ids.size()).isEqualTo(ContestedIds.IDS_MAX);
    assertThat(ids.pauseMillis(PUMP)).isEqualTo(ContestedIds.PAUSE_MILLIS_MIN);
  }

  @Test
  void an_operator_hears_of_it_once_a_minute() {
    assertThat(ids.isWorthTelling(PUMP)).isFalse();
    takeovers(1_000);
    assertThat(ids.isWorthTelling(PUMP)).isTrue();
    assertThat(ids.isWorthTelling(PUMP)).isFalse();
    passMillis(ContestedIds.TELL_SECONDS * 1_000L);
    assertThat(ids.isWorthTelling(PUMP)).isTrue();
  }

  @Test
  void a_bound_of_zero_pauses_nobody() {
    ContestedIds never = new ContestedIds(0, nanos::get);
    for (int i = 0; i < 1_000; i++) {
      never.takenOver(PUMP);
    }
    assertThat(never.pauseMillis(PUMP)).isZero();
  }

  @Test
  void what_waits_is_bounded_in_number_and_bytes() {
    PausedConnects paused = new PausedConnects(ids);
    int half = (int) (PausedConnects.BYTES_MAX / 2);
    assertThat(paused.enter(half)).isTrue();
    assertThat(paused.enter(half)).isTrue();
    assertThat(paused.enter(1)).isFalse();
    paused.leave(half);
    assertThat(paused.enter(1)).isTrue();
    assertThat(paused.count()).isEqualTo(2);
    assertThat(paused.all()).isEqualTo(3);
    paused.leave(half);
    for (int i = 1; i < PausedConnects.COUNT_MAX; i++) {
      assertThat(paused.enter(0)).isTrue();
    }
    assertThat(paused.enter(0)).isFalse();
  }
}
