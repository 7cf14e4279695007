package dev.limpet.cluster.recovery;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a node's tasks that may block on Hazelcast and are not urgent, on one thread. Thread-safe.
 * Its tasks are periodic or one per change of the membership, so its queue stays short.
 */
public final class Housekeeper implements Executor, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);

  private final ScheduledExecutorService thread;

  public Housekeeper(String nodeName) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "limpet-housekeeper-" + nodeName);
              created.setDaemon(true);
              return created;
            });
  }

  /** Runs a task soon, after those given before. Dropped once closed. */
  @Override
  public void execute(Runnable task) {
    after(0, task);
  }

  /** Runs a task later. */
  public void after(long delayMillis, Runnable task) {
    try {
      var unused = thread.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has stopped: a task is dropped");
    }
  }

  /** Runs a task periodically, even if it fails. */
  public void every(long periodMillis, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> run(task), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("Hazelcast has stopped: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("A housekeeping task failed; it will be tried again", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
