package dev.limpet.cluster.peer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Limits a warning that a stranger or a broken peer can cause at any rate: logs it once in a while,
 * with the number suppressed since; logs each at level debug.
 *
 * <p>Thread-safe.
 */
final class SeldomWarning {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final LongSupplier nanos;
  private final AtomicLong nextNanos;
  private final AtomicLong leftOut = new AtomicLong();

  SeldomWarning(Logger log) {
    this(log, System::nanoTime);
  }

  /**
   * @param nanos a clock that only goes forward
   */
  SeldomWarning(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
    this.nextNanos = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Warns, or not.
   *
   * @param what happened
   * @param why shown with its stack trace at the level debug only
   */
  void warn(String what, Throwable why) {
    log.debug("{}", what, why);
    long now = nanos.getAsLong();
    long next = nextNanos.get();
    if (now - next < 0 || !nextNanos.compareAndSet(next, now + PERIOD_NANOS)) {
      leftOut.incrementAndGet();
      return;
    }
    long others = leftOut.getAndSet(0);
    if (others == 0) {
      log.warn("{}: {}", what, why.toString());
    } else {
      log.warn("{}: {} (and {} more like it since the last one shown)", what, why, others);
    }
  }
}
