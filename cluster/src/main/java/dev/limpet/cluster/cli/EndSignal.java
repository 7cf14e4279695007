package dev.limpet.cluster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a command to end, when the process gets SIGTERM or Ctrl-C or when its parent is gone, and
 * makes sure that it does: a command that takes too long is cut off with exit status 1.
 *
 * <p>Thread-safe: a future and a latch.
 */
final class EndSignal implements AutoCloseable {

  private final CompletableFuture<String> requested = new CompletableFuture<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Duration timeout;
  private final PrintWriter err;
  private final Thread hook = new Thread(this::endWithProcess, "limpet-end");

  /** An end without a status counts as a failure. */
  private volatile int status = ErrorMessages.FAILURE;

  /**
   * Listens from now on.
   *
   * @param timeout how long the command may take to end once it is asked
   */
  EndSignal(Duration timeout, PrintWriter err) {
    this.timeout = timeout;
    this.err = err;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Completes with the reason when the command has to end. */
  CompletableFuture<String> requested() {
    return requested;
  }

  /**
   * Ends when the other side of the stream is closed: the parent has died.
   *
   * @param onReread run on the watching thread for each {@link RereadSignal#PARENTS_WORD} that
   *     comes
   */
  void watchParent(InputStream input, Runnable onReread) {
    Thread watcher = new Thread(() -> readToEnd(input, onReread), "limpet-parent");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void readToEnd(InputStream input, Runnable onReread) {
    try {
      for (int word = input.read(); word >= 0; word = input.read()) {
        if (word == RereadSignal.PARENTS_WORD) { // ignores all other input
          onReread.run();
        }
      }
      requested.complete("standard input has ended");
    } catch (IOException e) {
      requested.complete("standard input failed: " + e.getMessage());
    }
    haltWhenLate();
  }

  /** Says that the command has ended, with this exit status. */
  void finish(int exitStatus) {
    status = exitStatus;
    finished.countDown();
  }

  /** Forgets the process; called once the command is over. */
  @Override
  public void close() {
    finished.countDown();
    if (!hook.isAlive()) {
      forgetHook();
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      requested.complete("the process is ending already: " + e.getMessage());
    }
  }

  /** The JVM would end with status 143; this status tells whether the command succeeded. */
  private void endWithProcess() {
    requested.complete("it received a signal");
    haltWhenLate();
    Runtime.getRuntime().halt(status);
  }

  private void haltWhenLate() {
    boolean ended = false;
    try {
      ended = finished.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      err.println("limpet: stopping took longer than " + timeout.toSeconds() + " seconds: cut off");
      err.flush();
      Runtime.getRuntime().halt(ErrorMessages.FAILURE);
    }
  }
}
