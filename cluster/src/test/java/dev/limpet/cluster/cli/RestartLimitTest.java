package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, "stuck is dead". The kind: a process that is started again for ever, as fast as it dies.
 */
class RestartLimitTest {

  private long now;

  @Test
  void a_node_is_started_again_some_times_in_a_period_and_later_anew() {
    RestartLimit limit = new RestartLimit(() -> now);
    for (int period = 0; period < 3; period++) {
      assertThat(limit.isInUse()).isFalse();
      for (int start = 0; start < RestartLimit.STARTS_MAX; start++) {
        assertThat(limit.take()).isTrue();
      }
      assertThat(limit.take()).isFalse();
      assertThat(limit.isInUse()).isTrue();
      now += TimeUnit.MINUTES.toNanos(RestartLimit.PERIOD_MINUTES);
      assertThat(limit.take()).isFalse();
      now++;
    }
  }
}
