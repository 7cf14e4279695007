package dev.limpet.lb;

/**
 * Tracks connect failures of one node: after several in a row the node is skipped for a while, then
 * one connection probes it. Thread-safe: synchronized.
 */
final class BackendHealth {

  private final int failuresMax;
  private final long retryNanos;
  private int failures;
  private long skipUntilNanos;

  BackendHealth(int failuresMax, long retryNanos) {
    this.failuresMax = failuresMax;
    this.retryNanos = retryNanos;
  }

  /**
   * Whether to connect now. When the time to skip is over, only the first to ask hears yes; the
   * others skip on until its attempt has succeeded.
   */
  synchronized boolean mayTry(long nowNanos) {
    if (failures < failuresMax) {
      return true;
    }
    if (nowNanos - skipUntilNanos < 0) {
      return false;
    }
    skipUntilNanos = nowNanos + retryNanos;
    return true;
  }

  /** Returns whether the node is skipped from now on, and was not before. */
  synchronized boolean failed(long nowNanos) {
    failures++;
    skipUntilNanos = nowNanos + retryNanos;
    return failures == failuresMax;
  }
}
