package dev.limpet.store.call;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls Hazelcast, and retries when it is unknown whether a call took effect: every such call is
 * idempotent. The number of tries is bounded, and the pause doubles. Thread-safe; never blocks.
 */
public final class RetryingCalls {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingCalls.class);

  private final int attemptsMax;
  private final int backoffMillis;
  private final StoreThreads threads;
  private final StoreMetrics metrics;
  private volatile boolean closed;

  public RetryingCalls(CallOptions options, StoreThreads threads, StoreMetrics metrics) {
    this.attemptsMax = options.attemptsMax();
    this.backoffMillis = options.retryBackoffMillis();
    this.threads = threads;
    this.metrics = metrics;
  }

  /**
   * @return completed on one of the store's threads, exceptionally only with {@link
   *     ClusterUnavailableException}
   */
  public <T extends @Nullable Object> CompletableFuture<T> call(
      Supplier<CompletionStage<T>> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    attempt(operation, 1, answer);
    return answer;
  }

  /** Stops retrying failed calls. */
  public void close() {
    closed = true;
  }

  private <T extends @Nullable Object> void attempt(
      Supplier<CompletionStage<T>> operation, int attempt, CompletableFuture<T> answer) {
    started(operation)
        .whenCompleteAsync(
            (value, failure) -> {
              if (failure == null) {
                answer.complete(value);
              } else {
                failed(operation, attempt, answer, Stages.cause(failure));
              }
            },
            threads.answers());
  }

  /** A member that is shutting down throws instead of answering. */
  private static <T extends @Nullable Object> CompletionStage<T> started(
      Supplier<CompletionStage<T>> operation) {
    try {
      return operation.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <T extends @Nullable Object> void failed(
      Supplier<CompletionStage<T>> operation,
      int attempt,
      CompletableFuture<T> answer,
      Throwable failure) {
    if (isWorthRetrying(failure) && attempt < attemptsMax && !closed) {
      metrics.retried();
      LOG.debug("Try {} of {} failed", attempt, attemptsMax, failure);
      long pauseMillis = (long) backoffMillis << (attempt - 1);
      threads.after(pauseMillis, () -> attempt(operation, attempt + 1, answer));
      return;
    }
    metrics.failed();
    answer.completeExceptionally(
        new ClusterUnavailableException("the store got no answer: " + failure, failure));
  }

  private static boolean isWorthRetrying(Throwable failure) {
    return failure instanceof RetryableException
        || failure instanceof IndeterminateOperationStateException
        || failure instanceof OperationTimeoutException
        || failure instanceof HazelcastInstanceNotActiveException
        || failure instanceof SplitBrainProtectionException;
  }
}
