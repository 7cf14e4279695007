package dev.limpet.cluster.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Issue 9, "ready is the truth". The kind: a node that speaks of a world that has moved on. */
class StallsTest {

  private long now;
  private final Stalls stalls = new Stalls(() -> now);

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void a_process_that_runs_has_no_stall() {
    for (int i = 0; i < 100; i++) {
      pass(Stalls.STALL_MILLIS - 1);
      assertThat(stalls.millis()).isZero();
      stalls.looked();
      assertThat(stalls.millis()).isZero();
    }
  }

  @Test
  void a_stall_is_told_while_it_lasts_and_for_some_seconds_after() {
    stalls.looked();
    pass(8_000);
    assertThat(stalls.millis()).isEqualTo(8_000);
    stalls.looked();
    for (int i = 0; i < 4; i++) {
      pass(1_000);
      stalls.looked();
      assertThat(stalls.millis()).isEqualTo(8_000);
    }
    pass(1_000);
    assertThat(stalls.millis()).isZero();
  }
}
