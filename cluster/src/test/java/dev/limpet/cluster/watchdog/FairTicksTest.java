package dev.limpet.cluster.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, "stuck is dead": the judge takes its own stalls off. The kind: a clock that runs on
 * while nothing else does.
 */
class FairTicksTest {

  private static final long STEP = TimeUnit.MICROSECONDS.toNanos(10);

  private long wall;
  private long cpu;

  /** A machine that gives this thread one of so many parts of its time. */
  private FairTicks share(int parts) {
    return new FairTicks(
        () -> wall,
        () -> {
          wall += STEP * parts;
          cpu += STEP;
          return cpu;
        });
  }

  @Test
  void a_tick_in_time_on_a_machine_with_cpu_is_fair() {
    assertThat(share(1).isFair(0)).isTrue();
    assertThat(share(5).isFair(wall)).isTrue();
  }

  @Test
  void a_machine_that_gives_less_than_a_tenth_is_not() {
    assertThat(share(11).isFair(0)).isFalse();
    assertThat(wall).isLessThan(2 * FairTicks.WORK_NANOS_MAX);
  }

  @Test
  void a_late_tick_is_not() {
    wall = FairTicks.LATE_NANOS;
    assertThat(share(1).isFair(0)).isFalse();
  }

  @Test
  void where_cpu_time_is_not_known_lateness_decides() {
    FairTicks blind = new FairTicks(() -> wall, () -> -1);
    assertThat(blind.isFair(0)).isTrue();
    wall = FairTicks.LATE_NANOS;
    assertThat(blind.isFair(0)).isFalse();
  }

  @Test
  void this_process_works_for_no_longer_than_it_may() {
    FairTicks real = FairTicks.ofThisProcess();
    assertThat(real.isFair(System.nanoTime() - FairTicks.LATE_NANOS)).isFalse();
  }
}
