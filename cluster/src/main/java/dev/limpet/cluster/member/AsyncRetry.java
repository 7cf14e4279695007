package dev.limpet.cluster.member;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats an idempotent operation on a map until it answers or its time is over.
 *
 * <p>Thread-safe. An operation whose partition moves or whose owner died is repeated after a short
 * pause; at most one attempt is under way per call.
 */
public final class AsyncRetry {

  private static final long PAUSE_MILLIS = 50;

  private final long patienceMillis;
  private final Executor answers;

  /**
   * @param patienceMillis after which a call fails; above the time it takes to notice a dead node
   */
  public AsyncRetry(long patienceMillis) {
    this(patienceMillis, ForkJoinPool.commonPool());
  }

  private AsyncRetry(long patienceMillis, Executor answers) {
    this.patienceMillis = patienceMillis;
    this.answers = answers;
  }

  /** A patience that outlasts the detection of a silent node. */
  public static AsyncRetry outlasting(MemberOptions options) {
    return new AsyncRetry(TimeUnit.SECONDS.toMillis(options.silenceSecondsMax() + 5L));
  }

  /**
   * The same, but answers come on a thread of Hazelcast, which must not be held up: for callers who
   * hand them on at once.
   */
  public AsyncRetry answeringAtOnce() {
    return new AsyncRetry(patienceMillis, Runnable::run);
  }

  /**
   * Calls {@code operation} until one of its stages succeeds.
   *
   * @return fails with {@link ClusterUnavailableException} when none did in time
   */
  public <T> CompletableFuture<T> call(String what, Supplier<CompletionStage<T>> operation) {
    Call<T> call = begin(what, operation);
    attempt(call);
    return bounded(call);
  }

  /**
   * Goes on with {@code operation} after a first attempt that the caller made; never starts it on
   * the caller's thread.
   *
   * @param failure of the first attempt
   * @return as {@link #call}
   */
  public <T> CompletableFuture<T> callAgain(
      Throwable failure, String what, Supplier<CompletionStage<T>> operation) {
    Call<T> call = begin(what, operation);
    failed(call, failure);
    return bounded(call);
  }

  private <T> Call<T> begin(String what, Supplier<CompletionStage<T>> operation) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    return new Call<>(what, operation, deadlineNanos, new CompletableFuture<>());
  }

  private <T> CompletableFuture<T> bounded(Call<T> call) {
    CompletableFuture<T> bounded =
        call.result.copy().orTimeout(patienceMillis, TimeUnit.MILLISECONDS);
    return bounded.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(unavailable(call.what, failure)));
  }

  /** After which a call fails. */
  public long patienceMillis() {
    return patienceMillis;
  }

  private record Call<T>(
      String what,
      Supplier<CompletionStage<T>> operation,
      long deadlineNanos,
      CompletableFuture<T> result) {}

  private <T> void attempt(Call<T> call) {
    try {
      call.operation
          .get()
          .whenCompleteAsync(
              (value, failure) -> {
                if (failure == null) {
                  call.result.complete(value);
                } else {
                  failed(call, failure);
                }
              },
              answers);
    } catch (RuntimeException e) {
      failed(call, e);
    }
  }

  private <T> void failed(Call<T> call, Throwable failure) {
    Throwable cause = unwrap(failure);
    if (System.nanoTime() < call.deadlineNanos && isWorthRepeating(cause)) {
      Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      later.execute(() -> attempt(call));
    } else {
      call.result.completeExceptionally(cause);
    }
  }

  private static boolean isWorthRepeating(Throwable cause) {
    return cause instanceof RetryableException
        || cause instanceof HazelcastException
            && !(cause instanceof HazelcastSerializationException);
  }

  /** What a caller is told that waited in vain. */
  public static ClusterUnavailableException unavailable(String what, Throwable failure) {
    Throwable cause = unwrap(failure);
    return new ClusterUnavailableException(what + " got no answer: " + cause, cause);
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
