package dev.limpet.broker.io;

import dev.limpet.broker.metrics.Traffic;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of one event loop and of the sessions pinned to it. State confined to a lane is
 * touched only by tasks run here.
 *
 * <p>Thread-safe: {@link #execute}, {@link #run} and {@link #schedule} may be called from anywhere;
 * {@link #atEndOfTick} and {@link #handOver} only on the lane.
 */
public final class Lane implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private static final FastThreadLocal<Lane> CURRENT = new FastThreadLocal<>();

  private final int index;
  private final EventLoop loop;
  private final Map<Lane, List<Runnable>> handedOver = new IdentityHashMap<>();
  private final Traffic traffic = new Traffic();
  private final Executor soonest = this::run;
  private List<Runnable> endOfTick = new ArrayList<>();
  private List<Runnable> spare = new ArrayList<>();
  private boolean tickScheduled;

  /**
   * @param index 0 and up, without gaps
   */
  public Lane(int index, EventLoop loop) {
    this.index = index;
    this.loop = loop;
    loop.execute(
        () -> {
          CURRENT.set(this);
          LoopSockets.straighten(loop);
        });
  }

  /** The lane the caller runs on; null when it runs on none. */
  public static @Nullable Lane current() {
    return CURRENT.get();
  }

  /** This lane's place among the lanes of its node. */
  public int index() {
    return index;
  }

  /** Counts the traffic on the sockets of this lane. */
  public Traffic traffic() {
    return traffic;
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
      runGuarded(task);
    } else {
      execute(task);
    }
  }

  /**
   * Runs a task on the lane once each socket of the lane has been read that had bytes when this was
   * called. Netty fetches due timers once before it runs tasks, so that a timer set by a task waits
   * until the loop has polled its sockets again.
   */
  public void afterReads(Runnable task) {
    loop.execute(() -> loop.schedule(guarded(task), 0, TimeUnit.NANOSECONDS));
  }

  /** The lane for stages that may be done already: {@link #run} as an executor. Thread-safe. */
  public Executor soonest() {
    return soonest;
  }

  /**
   * Runs a task on the lane after a while.
   *
   * @return cancel it when it is not wanted any more, so that nothing it holds outlives its use
   */
  public Timer schedule(Runnable task, long delayMillis) {
    return new Timer(loop.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS));
  }

  /** A task that waits for its time. Thread-safe. */
  public static final class Timer {
    private final ScheduledFuture<?> task;

    private Timer(ScheduledFuture<?> task) {
      this.task = task;
    }

    /** Cancels the task and releases the objects it refers to. */
    public void cancel() {
      task.cancel(false);
    }
  }

  /** Runs a task once all work at hand is done: the moment to flush gathered output. */
  public void atEndOfTick(Runnable task) {
    endOfTick.add(task);
    if (!tickScheduled) {
      tickScheduled = true;
      loop.execute(this::endTick);
    }
  }

  /**
   * Runs a task on another lane, together with all that this lane hands over to it in this tick:
   * the other lane is woken once. Tasks handed over keep their order.
   */
  public void handOver(Lane target, Runnable task) {
    List<Runnable> batch = handedOver.get(target);
    if (batch == null) {
      List<Runnable> begun = new ArrayList<>();
      handedOver.put(target, begun);
      atEndOfTick(() -> handOverBatch(target));
      batch = begun;
    }
    batch.add(task);
  }

  private void handOverBatch(Lane target) {
    List<Runnable> batch = handedOver.remove(target);
    if (batch != null) {
      target.loop.execute(() -> runEach(batch));
    }
  }

  private void endTick() {
    tickScheduled = false;
    List<Runnable> tasks = endOfTick;
    endOfTick = spare;
    spare = tasks;
    runEach(tasks);
  }

  /** Runs each task once, even if another one throws; empties the list. */
  private static void runEach(List<Runnable> tasks) {
    Error severe = null;
    for (Runnable task : tasks) {
      try {
        runGuarded(task);
      } catch (Error e) { // out of memory, for one: known to the event loop once all have run
        severe = e;
      }
    }
    tasks.clear();
    if (severe != null) {
      throw severe;
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> runGuarded(task);
  }

  /** A task that fails must not take others of its lane with it. */
  private static void runGuarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error("A task of a lane failed", e);
    }
  }
}
