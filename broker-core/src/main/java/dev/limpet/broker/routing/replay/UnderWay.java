package dev.limpet.broker.routing.replay;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts work in progress, so that a caller can wait for all work begun by now and none begun
 * later: each wait starts a new counter for new work, and ends when the previous one reaches zero.
 * Work that does not end in time is waited for once.
 *
 * <p>Thread-safe; counting takes no lock.
 */
public final class UnderWay {
  /** Longest wait. */
  static final int MILLIS_MAX = 1_000;

  private volatile Work current = new Work();

  /** A wait that is going on; guarded by this. */
  private @Nullable CompletableFuture<Void> waiting;

  /** The wait requested while another is in progress; guarded by this. */
  private @Nullable CompletableFuture<Void> next;

  /** The work begun between two waits. Thread-safe. */
  public static final class Work {
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean closed;

    /** One piece of it has ended, however that was. */
    public void end() {
      if (count.decrementAndGet() == 0 && closed) {
        done.complete(null);
      }
    }

    /** No more begins. */
    private CompletableFuture<Void> close() {
      closed = true;
      if (count.get() == 0) {
        done.complete(null);
      }
      return done;
    }
  }

  /**
   * Work begins.
   *
   * @return must be notified, once, when the work has ended
   */
  public Work begin() {
    while (true) {
      Work work = current;
      work.count.incrementAndGet();
      if (work == current) {
        return work;
      }
      work.end(); // a wait began in between and may not have seen this work
    }
  }

  /** Whether no work is in progress. */
  boolean isIdle() {
    return current.count.get() == 0;
  }

  /** Done, never exceptionally, when all work that has begun by now has ended. */
  CompletableFuture<Void> settled() {
    CompletableFuture<Void> wait = new CompletableFuture<>();
    synchronized (this) {
      if (waiting != null) {
        next = next == null ? wait : next;
        return next;
      }
      waiting = wait;
    }
    run(wait);
    return wait;
  }

  private void run(CompletableFuture<Void> wait) {
    Work before = current;
    current = new Work();
    var unused =
        before
            .close()
            .completeOnTimeout(null, MILLIS_MAX, TimeUnit.MILLISECONDS)
            .thenRun(() -> over(wait));
  }

  private void over(CompletableFuture<Void> wait) {
    CompletableFuture<Void> following;
    synchronized (this) {
      following = next;
      next = null;
      waiting = following;
    }
    if (following != null) {
      run(following);
    }
    wait.complete(null);
  }
}
