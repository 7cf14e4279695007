package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackendHealthTest {

  private static final long RETRY_NANOS = 1_000;

  private final BackendHealth health = new BackendHealth(2, RETRY_NANOS);

  @Test
  void one_failure_is_chance() {
    assertThat(health.failed(0)).isFalse();
    assertThat(health.mayTry(0)).isTrue();
  }

  @Test
  void failures_in_a_row_close_the_way_for_a_while() {
    health.failed(0);
    assertThat(health.failed(0)).isTrue();
    assertThat(health.mayTry(RETRY_NANOS - 1)).isFalse();
  }

  @Test
  void after_a_while_one_connection_tries() {
    health.failed(0);
    health.failed(0);
    assertThat(health.mayTry(RETRY_NANOS)).isTrue();
    assertThat(health.mayTry(RETRY_NANOS)).isFalse();
    assertThat(health.failed(RETRY_NANOS + 1)).isFalse();
    assertThat(health.mayTry(2 * RETRY_NANOS)).isFalse();
    assertThat(health.mayTry(2 * RETRY_NANOS + 1)).isTrue();
  }

  @Test
  void the_clock_may_overflow() {
    health.failed(Long.MAX_VALUE);
    health.failed(Long.MAX_VALUE);
    assertThat(health.mayTry(Long.MIN_VALUE)).isFalse();
    assertThat(health.mayTry(Long.MAX_VALUE + RETRY_NANOS)).isTrue();
  }
}
