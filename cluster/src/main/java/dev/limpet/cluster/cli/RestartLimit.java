package dev.limpet.cluster.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how often one node is started again: {@value #STARTS_MAX} times in {@value
 * #PERIOD_MINUTES} minutes. Confined to its caller.
 */
final class RestartLimit {

  static final int STARTS_MAX = 5;
  static final int PERIOD_MINUTES = 10;

  private final LongSupplier nanos;
  private final Deque<Long> starts = new ArrayDeque<>();

  /**
   * @param nanos a monotonic clock
   */
  RestartLimit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether the node may be started now; then that counts. */
  boolean take() {
    forget();
    return starts.size() < STARTS_MAX && starts.add(nanos.getAsLong());
  }

  /** Whether the node has been started in this period. */
  boolean isInUse() {
    forget();
    return !starts.isEmpty();
  }

  private void forget() {
    long now = nanos.getAsLong();
    while (!starts.isEmpty() && now - starts.peek() > TimeUnit.MINUTES.toNanos(PERIOD_MINUTES)) {
      starts.remove();
    }
  }
}
