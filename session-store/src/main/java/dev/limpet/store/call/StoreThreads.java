package dev.limpet.store.call;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the threads on which the store handles answers, instead of a partition's thread or (on small
 * machines) one new thread per answer. Thread-safe.
 */
public final class StoreThreads implements AutoCloseable {
  private static final int ANSWER_THREADS = 2;

  /** The queue needs no bound of its own: it holds answers to writes and reads that are bounded. */
  private final ThreadPoolExecutor answers;

  private final ScheduledExecutorService timer;

  public StoreThreads(String name) {
    ThreadFactory threads = daemons(name);
    answers =
        new ThreadPoolExecutor(
            ANSWER_THREADS,
            ANSWER_THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads,
            // After close, late answers are handled where they come in rather than never.
            (task, pool) -> task.run());
    timer = Executors.newSingleThreadScheduledExecutor(threads);
  }

  public Executor answers() {
    return answers;
  }

  /** Runs the task later; once closed, at once. Tasks scheduled earlier still run. */
  public void after(long delayMillis, Runnable task) {
    try {
      timer.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      task.run(); // Closed meanwhile.
    }
  }

  public static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    timer.shutdown();
    answers.shutdown();
  }
}
