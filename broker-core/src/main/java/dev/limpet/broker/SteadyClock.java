package dev.limpet.broker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells a time in epoch milliseconds that never jumps: the wall clock's at its creation, and from
 * then on what has passed since by a clock that nobody sets. A wall clock that is set meanwhile, by
 * NTP or by hand, neither ends intervals early nor prolongs them. While the whole machine is
 * suspended it stands still. Thread-safe.
 */
public final class SteadyClock implements LongSupplier {
  private final LongSupplier nanos;
  private final long startMillis;
  private final long startNanos;

  /**
   * Starts at the wall clock's time.
   *
   * @param wallMillis in epoch milliseconds; asked once
   * @param nanos a clock that only goes forward
   */
  public SteadyClock(LongSupplier wallMillis, LongSupplier nanos) {
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
    this.startMillis = wallMillis.getAsLong();
  }

  /** Starts at the time of this machine. */
  public static SteadyClock ofSystem() {
    return new SteadyClock(System::currentTimeMillis, System::nanoTime);
  }

  @Override
  public long getAsLong() {
    return atNanos(nanos.getAsLong());
  }

  /** What it told, or will tell, when the clock that only goes forward shows this. */
  public long atNanos(long atNanos) {
    return startMillis + TimeUnit.NANOSECONDS.toMillis(atNanos - startNanos);
  }
}
