package dev.limpet.cluster.member;

import dev.limpet.broker.spi.ClusterUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats an idempotent operation on a map until it answers or its time is over.
 *
 * <p>Thread-safe. An operation whose partition moves or whose owner died is repeated after a short
 * pause; at most one attempt is in flight per call.
 */
public final class AsyncRetry {

  private final long timeoutMillis;

  /**
   * @param timeoutMillis after which a call fails; above the time it takes to notice a dead node
   */
  public AsyncRetry(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  /** A timeout that outlasts the detection of a silent node. */
  public static AsyncRetry outlasting(MemberOptions options) {
    return new AsyncRetry(TimeUnit.SECONDS.toMillis(options.silenceSecondsMax() + 5L));
  }

  /**
   * Calls {@code operation} until one of its stages succeeds.
   *
   * @return completed on the common pool; fails with {@link ClusterUnavailableException} when none
   *     did in time
   */
  public <T> CompletableFuture<T> call(String what, Supplier<CompletionStage<T>> operation) {
    CallBatch single = new CallBatch(timeoutMillis, ForkJoinPool.commonPool());
    CompletableFuture<T> result = single.add(() -> what, operation);
    single.start();
    return result;
  }

  /**
   * For calls that start together. Their answers come on a thread of Hazelcast, which must not be
   * held up: for callers who hand them on at once.
   */
  public CallBatch batch() {
    return new CallBatch(timeoutMillis, Runnable::run);
  }
}
