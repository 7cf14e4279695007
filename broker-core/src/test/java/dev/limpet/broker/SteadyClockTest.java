package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.spi.ManualClock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Issue 9, item 9. The kind: a wall clock that is set ends or prolongs all intervals at once. */
class SteadyClockTest {
  private final ManualClock wall = new ManualClock();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final SteadyClock clock = new SteadyClock(wall, nanos::get);

  @Test
  void it_begins_with_the_wall_clock_and_goes_on_with_what_passes() {
    long start = wall.getAsLong();
    assertThat(clock.getAsLong()).isEqualTo(start);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(90));
    assertThat(clock.getAsLong()).isEqualTo(start + 90_000);
    assertThat(clock.atNanos(TimeUnit.MILLISECONDS.toNanos(7) - 5)).isEqualTo(start + 7);
  }

  @Test
  void setting_the_wall_clock_does_not_move_it() {
    long start = clock.getAsLong();
    wall.advanceSeconds(TimeUnit.DAYS.toSeconds(400));
    assertThat(clock.getAsLong()).isEqualTo(start);
    wall.advanceSeconds(-TimeUnit.DAYS.toSeconds(800));
    assertThat(clock.getAsLong()).isEqualTo(start);
  }
}
