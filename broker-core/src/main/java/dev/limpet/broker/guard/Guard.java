package dev.limpet.broker.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a port and turns its exceptions into failed answers. Stateless. */
public final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private Guard() {}

  /** The stage the port answers with; one that failed when it throws or answers with none. */
  @SuppressWarnings("ConstantValue") // ports are not only ours
  public static <T> CompletionStage<T> stage(String name, Supplier<CompletionStage<T>> call) {
    try {
      CompletionStage<T> answer = call.get();
      return answer != null ? answer : nothing(name);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The same for a port that answers with a future. */
  @SuppressWarnings("ConstantValue") // ports are not only ours
  public static <T> CompletableFuture<T> future(String name, Supplier<CompletableFuture<T>> call) {
    try {
      CompletableFuture<T> answer = call.get();
      return answer != null ? answer : nothing(name);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static <T> CompletableFuture<T> nothing(String name) {
    return CompletableFuture.failedFuture(new IllegalStateException(name + " answered nothing"));
  }

  /** Notifies a port and logs its exceptions. */
  static void tell(String name, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error("{} failed", name, e);
    }
  }
}
