package dev.limpet.cluster.directory;

import dev.limpet.cluster.member.AsyncRetry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Steps that start together and share one timer. Each is an operation of its own, with an answer of
 * its own: one that fails is repeated by itself.
 *
 * <p>Steps are added by one thread, before {@link #send}; they end on any.
 */
final class StepBatch {
  private final AsyncRetry retry;
  private final Function<PendingStep, CompletionStage<ClaimAnswer>> start;
  private final List<PendingStep> steps = new ArrayList<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /**
   * A step on its way; completed once.
   *
   * @param what is done, for whoever waits in vain
   */
  record PendingStep(
      String what, String clientId, DirectoryStep step, CompletableFuture<ClaimAnswer> answer) {

    /** For the words of a failure. */
    String inWords() {
      return what + " of client " + clientId;
    }
  }

  /**
   * @param retry says how long a first attempt may take, and makes the others
   * @param start begins an attempt; may throw
   */
  StepBatch(AsyncRetry retry, Function<PendingStep, CompletionStage<ClaimAnswer>> start) {
    this.retry = retry;
    this.start = start;
  }

  void add(PendingStep step) {
    steps.add(step);
  }

  int size() {
    return steps.size();
  }

  /** Starts all steps. */
  void send() {
    unanswered.set(steps.size());
    over.orTimeout(retry.patienceMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                giveUp(failure);
              }
            });
    for (PendingStep step : steps) {
      attempt(step);
    }
  }

  private void attempt(PendingStep step) {
    try {
      start
          .apply(step)
          .whenCompleteAsync((answer, failure) -> ended(step, answer, failure), Runnable::run);
    } catch (RuntimeException e) {
      ended(step, ClaimAnswer.NOTHING, e);
    }
  }

  private void ended(PendingStep step, ClaimAnswer answer, Throwable failure) {
    if (unanswered.decrementAndGet() == 0) {
      over.complete(null);
    }
    if (failure == null) {
      step.answer().complete(answer);
    } else {
      again(step, failure);
    }
  }

  private void again(PendingStep step, Throwable failure) {
    var unused =
        retry
            .callAgain(failure, step.inWords(), () -> start.apply(step))
            .whenComplete(
                (answer, last) -> {
                  if (last == null) {
                    step.answer().complete(answer);
                  } else {
                    step.answer().completeExceptionally(last);
                  }
                });
  }

  private void giveUp(Throwable failure) {
    for (PendingStep step : steps) {
      if (!step.answer().isDone()) {
        step.answer().completeExceptionally(AsyncRetry.unavailable(step.inWords(), failure));
      }
    }
  }
}
