package dev.limpet.cluster.cli.heap;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Returns heap to the system after a load: G1 by itself keeps a heap that has grown. Makes only an
 * idle process collect, and only a heap small enough for a full collection in a fraction of a
 * second.
 *
 * <p>Thread-safe: one check at a time.
 */
public final class IdleWatch {

  /** From one check to the next. */
  public static final int PERIOD_MILLIS = 60_000;

  /** With less of a core in a period, the process counts as idle: 5 %. */
  private static final long IDLE_CPU_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS / 20);

  private static final long HEAP_USED_BYTES_MAX = 512L << 20;

  /** Minimum growth of the heap since the last time. */
  private static final long WORTH_BYTES = 32L << 20;

  private final Runnable shrink;
  private long cpuNanos = processCpuNanos();
  private long heapBytes = Runtime.getRuntime().totalMemory();

  public IdleWatch(Runnable shrink) {
    this.shrink = shrink;
  }

  /** To be called once a period, on a thread that may block. */
  public synchronized void check() {
    Runtime heap = Runtime.getRuntime();
    long cpuNow = processCpuNanos();
    boolean idle = cpuNow - cpuNanos < IDLE_CPU_NANOS_MAX;
    boolean worth = heap.totalMemory() - heapBytes > WORTH_BYTES;
    if (idle && worth && heap.totalMemory() - heap.freeMemory() < HEAP_USED_BYTES_MAX) {
      shrink.run();
      heapBytes = heap.totalMemory();
    }
    cpuNanos = processCpuNanos();
  }

  private static long processCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean process
        ? process.getProcessCpuTime()
        : Long.MAX_VALUE / 2;
  }
}
