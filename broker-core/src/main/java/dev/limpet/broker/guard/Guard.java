package dev.limpet.broker.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Calls a port. Stateless. */
final class Guard {
  private Guard() {}

  /** The stage the port answers with; one that failed when it throws or answers with none. */
  @SuppressWarnings("ConstantValue") // ports are not only ours
  static <T> CompletionStage<T> stage(String name, Supplier<CompletionStage<T>> call) {
    try {
      CompletionStage<T> answer = call.get();
      return answer != null
          ? answer
          : CompletableFuture.failedFuture(new IllegalStateException(name + " answered nothing"));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
