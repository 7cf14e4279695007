package dev.limpet.cluster.cli;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Rereads files when the process gets SIGHUP, which would end a JVM without a handler, or when the
 * parent asks for it. The only class that uses the JDK's internal signals. Thread-safe: the action
 * is one volatile task, run on its own thread.
 */
final class RereadSignal implements AutoCloseable {
  /** The line a parent writes to the standard input of a node. */
  static final byte PARENTS_WORD = 'r';

  private static final Logger LOG = LoggerFactory.getLogger(RereadSignal.class);
  private static final String HANG_UP = "HUP";

  private final ExecutorService thread = Executors.newSingleThreadExecutor(RereadSignal::daemon);
  private final @Nullable SignalHandler before;
  private volatile Runnable task =
      () -> LOG.info("SIGHUP came before the node had read its files; nothing to do");

  /** Listens from now on; until there is a task, the signal is only noted. */
  RereadSignal() {
    before = listen(signal -> request());
  }

  /** Returns the previous handler; null without such a signal, or if the JVM reserves it. */
  private static @Nullable SignalHandler listen(SignalHandler handler) {
    try {
      return Signal.handle(new Signal(HANG_UP), handler);
    } catch (IllegalArgumentException e) {
      LOG.debug("this JVM cannot handle SIGHUP", e);
      return null;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "limpet-reread");
    thread.setDaemon(true);
    return thread;
  }

  /** From now on this is done, on another thread, one at a time. May block. */
  void then(Runnable newTask) {
    task = newTask;
  }

  /** As if the signal had come. */
  void request() {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("rereading the files after SIGHUP failed", e);
          }
        });
  }

  /** Restores the previous handler of the signal. */
  @Override
  public void close() {
    if (before != null) {
      listen(before);
    }
    thread.shutdown();
  }
}
