package dev.limpet.cluster.watchdog;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says whether the process had CPU: whether its tick came in time, and whether a little work took
 * about as long as it needs. What stands still on a starved machine may only wait for its turn.
 *
 * <p>Confined to the thread that ticks.
 */
final class FairTicks {

  /** A tick this much later than due is late: half a period. */
  static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(Watchdog.TICK_MILLIS / 2);

  static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** With less than a tenth of a core the work is given up. */
  static final long WORK_NANOS_MAX = 10 * WORK_NANOS;

  private final LongSupplier wallNanos;
  private final LongSupplier cpuNanos;

  /**
   * @param wallNanos a monotonic clock
   * @param cpuNanos the CPU time of the calling thread; negative where it is not known
   */
  FairTicks(LongSupplier wallNanos, LongSupplier cpuNanos) {
    this.wallNanos = wallNanos;
    this.cpuNanos = cpuNanos;
  }

  static FairTicks ofThisProcess() {
    var threads = ManagementFactory.getThreadMXBean();
    return new FairTicks(
        System::nanoTime,
        threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : () -> -1);
  }

  /**
   * Works for 2 ms.
   *
   * @param dueNanos when this tick was due, by the same clock
   */
  boolean isFair(long dueNanos) {
    return wallNanos.getAsLong() - dueNanos < LATE_NANOS && worksInTime();
  }

  private boolean worksInTime() {
    long start = wallNanos.getAsLong();
    long startCpu = cpuNanos.getAsLong();
    if (startCpu < 0) {
      return true;
    }
    while (cpuNanos.getAsLong() - startCpu < WORK_NANOS) {
      if (wallNanos.getAsLong() - start > WORK_NANOS_MAX) {
        return false;
      }
    }
    return wallNanos.getAsLong() - start <= WORK_NANOS_MAX;
  }
}
