package dev.limpet.cluster.member;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Starts calls of idempotent operations together under one timer. Each has its own answer, and a
 * failed one is repeated by itself: at most one attempt of each is in flight.
 *
 * <p>Calls are added by one thread, before {@link #start}; they end on any.
 */
public final class CallBatch {

  private static final long PAUSE_MILLIS = 50;

  private final long timeoutMillis;
  private final Executor answers;
  private final List<Call<?>> calls = new ArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile long deadlineNanos;

  /**
   * @param words names the call in the error of a timeout
   */
  private record Call<T>(
      Supplier<String> words, Supplier<CompletionStage<T>> operation, CompletableFuture<T> result) {

    void giveUp(Throwable failure) {
      if (!result.isDone()) {
        Throwable cause = Stages.cause(failure);
        String told = words.get() + " got no answer: " + cause;
        result.completeExceptionally(new ClusterUnavailableException(told, cause));
      }
    }
  }

  /**
   * @param timeoutMillis after which a call fails
   * @param answers completes the results
   */
  CallBatch(long timeoutMillis, Executor answers) {
    this.timeoutMillis = timeoutMillis;
    this.answers = answers;
  }

  /**
   * Adds a call of {@code operation} until one of its stages succeeds.
   *
   * @param words names the call in the error of a timeout
   * @param operation begins an attempt; may throw
   * @return fails with {@link ClusterUnavailableException} when none succeeded in time
   */
  public <T> CompletableFuture<T> add(
      Supplier<String> words, Supplier<CompletionStage<T>> operation) {
    Call<T> call = new Call<>(words, operation, new CompletableFuture<>());
    calls.add(call);
    return call.result;
  }

  public int size() {
    return calls.size();
  }

  /** Makes the first attempt of each. */
  public void start() {
    underWay.set(calls.size());
    deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    over.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                calls.forEach(call -> call.giveUp(failure));
              }
            });
    calls.forEach(this::attempt);
  }

  private <T> void attempt(Call<T> call) {
    try {
      call.operation
          .get()
          .whenCompleteAsync(
              (value, failure) -> {
                if (failure == null) {
                  ended();
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
    if (System.nanoTime() < deadlineNanos && isWorthRepeating(Stages.cause(failure))) {
      Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      later.execute(() -> attempt(call));
    } else {
      ended();
      call.giveUp(failure);
    }
  }

  private void ended() {
    if (underWay.decrementAndGet() == 0) {
      over.complete(null);
    }
  }

  private static boolean isWorthRepeating(Throwable cause) {
    return cause instanceof RetryableException
        || cause instanceof HazelcastException
            && !(cause instanceof HazelcastSerializationException);
  }
}
