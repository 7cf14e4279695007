package dev.limpet.broker.spi;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Provides the operations on stages that ports and their callers share. Stateless. */
public final class Stages {
  private Stages() {}

  /** Returns the cause of a stage's failure, without the wrappers of dependent stages. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (isWrapper(cause) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static boolean isWrapper(Throwable failure) {
    return failure instanceof CompletionException || failure instanceof ExecutionException;
  }

  /** Completes a future as a stage completes. */
  public static <T extends @Nullable Object> void forward(
      CompletionStage<T> from, CompletableFuture<T> to) {
    from.whenComplete((value, failure) -> complete(to, value, failure));
  }

  /**
   * Completes a future with one of both.
   *
   * @param failure null for none
   */
  public static <T extends @Nullable Object> void complete(
      CompletableFuture<T> to, T value, @Nullable Throwable failure) {
    if (failure == null) {
      to.complete(value);
    } else {
      to.completeExceptionally(failure);
    }
  }

  /** Done when all are; fails when one does. */
  public static CompletableFuture<Void> all(Collection<? extends CompletionStage<?>> stages) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[stages.size()];
    int next = 0;
    for (CompletionStage<?> each : stages) {
      all[next++] = each.toCompletableFuture();
    }
    return CompletableFuture.allOf(all);
  }
}
