package dev.limpet.broker.routing.replay;

import dev.limpet.broker.spi.Stages;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Limits the concurrent searches of a store; the others wait in order. When a node's clients all
 * reconnect at once, each looks up retained publications, and a store refuses excess load.
 *
 * <p>Thread-safe. Unbounded by itself: who asks has to bound how often.
 */
final class SearchGate {
  private final long timeoutMillis;
  private final Semaphore places;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();

  /** Pending requests to drain the queue; the thread that raises it to 1 drains for all. */
  private final AtomicInteger looks = new AtomicInteger();

  /**
   * @param searchesMax at the same time, at least 1
   * @param timeoutMillis after which one that has not answered has failed
   */
  SearchGate(int searchesMax, long timeoutMillis) {
    this.places = new Semaphore(searchesMax);
    this.timeoutMillis = timeoutMillis;
  }

  /** Searches when it is its turn; fails as the search does, or when that takes too long. */
  <T> CompletableFuture<T> enter(Supplier<CompletionStage<T>> search) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    waitingCount.incrementAndGet();
    waiting.add(() -> run(search, answer));
    look();
    return answer;
  }

  /** How many have not had their turn. */
  int waiting() {
    return waitingCount.get();
  }

  /** One at a time, and not by itself again: a search may answer at once. */
  private void look() {
    if (looks.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    while (seen > 0) {
      while (!waiting.isEmpty() && places.tryAcquire()) {
        waitingCount.decrementAndGet();
        waiting.remove().run();
      }
      seen = looks.addAndGet(-seen);
    }
  }

  private <T> void run(Supplier<CompletionStage<T>> search, CompletableFuture<T> answer) {
    var unused =
        search
            .get()
            .toCompletableFuture()
            .copy()
            .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .whenComplete(
                (found, failure) -> {
                  places.release();
                  look();
                  Stages.complete(answer, found, failure);
                });
  }
}
