package dev.limpet.cluster.watchdog;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells when this process did not run for {@value #STALL_MILLIS} ms or more, and for as long after
 * that: what a node knows of the others is then as old, and it takes a while to hear what happened.
 *
 * <p>The watchdog alone looks; any thread may ask.
 */
final class Stalls {

  /** As long as it takes others to give a silent node up. */
  static final int STALL_MILLIS = 5_000;

  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS);

  private final LongSupplier nanos;
  private volatile Look last;

  /** The last look, and the last stall before it. Immutable. */
  private record Look(long atNanos, long stallEndNanos, long stallNanos) {}

  /**
   * @param nanos a monotonic clock
   */
  Stalls(LongSupplier nanos) {
    this.nanos = nanos;
    long now = nanos.getAsLong();
    this.last = new Look(now, now, 0);
  }

  /** The watchdog looks at the node. */
  void looked() {
    long now = nanos.getAsLong();
    Look before = last;
    long pause = now - before.atNanos;
    last =
        pause >= STALL_NANOS
            ? new Look(now, now, pause)
            : new Look(now, before.stallEndNanos, before.stallNanos);
  }

  /** How long the process did not run, in milliseconds; 0 when that is long ago. */
  long millis() {
    Look look = last;
    long now = nanos.getAsLong();
    if (now - look.atNanos >= STALL_NANOS) {
      return TimeUnit.NANOSECONDS.toMillis(now - look.atNanos);
    }
    return now - look.stallEndNanos < STALL_NANOS
        ? TimeUnit.NANOSECONDS.toMillis(look.stallNanos)
        : 0;
  }
}
