package dev.limpet.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts the inboxes that have not answered an append yet. Thread-safe. */
final class AppendTally {
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicInteger left;

  AppendTally(int inboxes) {
    left = new AtomicInteger(inboxes);
  }

  void answered(@Nullable Throwable failed) {
    if (failed != null) {
      failure.compareAndSet(null, failed);
    }
    if (left.decrementAndGet() > 0) {
      return;
    }
    Throwable reason = failure.get();
    if (reason == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(reason);
    }
  }

  CompletableFuture<Void> done() {
    return done;
  }
}
