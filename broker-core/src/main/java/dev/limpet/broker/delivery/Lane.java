package dev.limpet.broker.delivery;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop with the sessions pinned to it. Whatever is confined to a lane is touched only by
 * tasks run here.
 *
 * <p>Thread-safe: {@link #execute} and {@link #schedule} may be called from anywhere; {@link
 * #atEndOfTick} only on the lane.
 */
public final class Lane implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final int index;
  private final EventLoop loop;
  private final List<Runnable> endOfTick = new ArrayList<>();
  private boolean tickScheduled;

  /**
   * @param index 0 and up, without gaps
   */
  public Lane(int index, EventLoop loop) {
    this.index = index;
    this.loop = loop;
  }

  /** This lane's place among the lanes of its node. */
  public int index() {
    return index;
  }

  /** The event loop, to find the lane of a socket. */
  public EventLoop loop() {
    return loop;
  }

  /** Whether the caller runs on this lane. */
  public boolean isCurrent() {
    return loop.inEventLoop();
  }

  /** Runs a task on the lane, later; tasks of one caller keep their order. */
  @Override
  public void execute(Runnable task) {
    loop.execute(guarded(task));
  }

  /** Runs a task at once when the caller is on the lane, else later. */
  public void run(Runnable task) {
    if (isCurrent()) {
      guarded(task).run();
    } else {
      execute(task);
    }
  }

  /** Runs a task on the lane after a while. */
  public void schedule(Runnable task, long delayMillis) {
    loop.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
  }

  /** Runs a task once all that is at hand has been done: the moment to flush what has gathered. */
  public void atEndOfTick(Runnable task) {
    endOfTick.add(task);
    if (!tickScheduled) {
      tickScheduled = true;
      loop.execute(this::endTick);
    }
  }

  private void endTick() {
    tickScheduled = false;
    List<Runnable> tasks = List.copyOf(endOfTick);
    endOfTick.clear();
    tasks.forEach(task -> guarded(task).run());
  }

  /** A task that fails must not take others of its lane with it. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("A task of a lane failed", e);
      }
    };
  }
}
