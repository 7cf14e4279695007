package dev.limpet.broker.delivery;

import dev.limpet.broker.io.Lane;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Works through a long list of one client so that other clients of its lane get turns in between:
 * one packet may name thousands of filters. One list at a time.
 *
 * <p>Confined to its lane.
 */
public final class Portions {
  /** Items handled in one turn: a few milliseconds' work. */
  private static final int SIZE = 256;

  private final Lane lane;
  private final Consumer<Runnable> goOn;
  private boolean unfinished;

  /**
   * @param goOn runs the next portion, unless the client has gone
   */
  public Portions(Lane lane, Consumer<Runnable> goOn) {
    this.lane = lane;
    this.goOn = goOn;
  }

  /** Whether part of a list still waits for its next turn: later items must wait behind it. */
  public boolean isUnfinished() {
    return unfinished;
  }

  /**
   * Does each of 0 to {@code count} - 1 in order, then {@code then}; one portion at once.
   * Exceptions of either are thrown here, or where the portion runs.
   */
  public void each(int count, IntConsumer each, Runnable then) {
    from(0, count, each, then);
  }

  private void from(int start, int count, IntConsumer each, Runnable then) {
    int end = Math.min(count, start + SIZE);
    for (int i = start; i < end; i++) {
      each.accept(i);
    }
    if (end == count) {
      then.run();
      return;
    }
    unfinished = true;
    // Not executed: a lane runs many tasks before it reads sockets.
    lane.schedule(() -> next(end, count, each, then), 0);
  }

  private void next(int start, int count, IntConsumer each, Runnable then) {
    unfinished = false;
    goOn.accept(() -> from(start, count, each, then));
  }
}
