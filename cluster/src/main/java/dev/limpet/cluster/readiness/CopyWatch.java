package dev.limpet.cluster.readiness;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.limpet.store.hazelcast.Migrations;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the nodes that have the copies of this node's partitions whether they have every write: soon
 * after the partition table has changed, and every {@value #REPEAT_MILLIS} ms.
 *
 * <p>Thread-safe: its own thread asks and may block for 10 s; the answer is one volatile value.
 */
final class CopyWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CopyWatch.class);
  private static final long LOOK_MILLIS = 500;
  private static final long REPEAT_MILLIS = 10_000;

  /** A copy that has just been given out may lack a write for a moment. */
  private static final int FAILURES_MAX = 3;

  private final Migrations migrations;
  private final IntSupplier nodes;
  private final ScheduledExecutorService thread;
  private long verifiedStamp;
  private long verifiedNanos;
  private int failures;
  private volatile boolean behind;

  /**
   * @param node its name, for the thread
   * @param nodes how many there are
   */
  CopyWatch(String node, Migrations migrations, IntSupplier nodes) {
    this.migrations = migrations;
    this.nodes = nodes;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "limpet-copies-" + node);
              created.setDaemon(true);
              return created;
            });
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether copies that are given out lack writes. */
  boolean isBehind() {
    return behind;
  }

  private void look() {
    try {
      long stamp = migrations.tableStamp();
      if (isDue(stamp)) {
        judge(stamp, migrations.areCopiesInStep());
      }
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("Hazelcast has stopped: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("The copies could not be compared; they will be", e);
    }
  }

  private boolean isDue(long stamp) {
    if (nodes.getAsInt() < 2 || migrations.withoutCopy() > 0) {
      behind = false; // there is nobody to ask, which is said elsewhere
      failures = 0;
      return false;
    }
    return behind
        || stamp != verifiedStamp
        || System.nanoTime() - verifiedNanos > TimeUnit.MILLISECONDS.toNanos(REPEAT_MILLIS);
  }

  /** A table that changed meanwhile proves nothing. */
  private void judge(long stamp, boolean inStep) {
    if (inStep) {
      verifiedStamp = stamp;
      verifiedNanos = System.nanoTime();
      failures = 0;
      behind = false;
    } else if (stamp == migrations.tableStamp() && migrations.pending() == 0) {
      failures++;
      behind |= failures >= FAILURES_MAX;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
