package dev.limpet.broker.io;

import java.util.concurrent.TimeUnit;

/**
 * Limits how long the packets of one client may keep its lane busy before other clients get a turn:
 * one read may bring thousands of packets, each matching thousands of filters.
 *
 * <p>Confined to its lane.
 */
public final class LaneBudget {
  /** Longer than a read of usual packets, shorter than a noticeable delay. */
  private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(4);

  /** Looking at a clock for each packet is not for nothing. */
  private static final int PACKETS_A_LOOK = 16;

  private final Lane lane;
  private final Runnable goOn;
  private int packets;
  private long beganNanos;
  private boolean begun;
  private boolean over;

  /**
   * @param goOn with the packets that wait, when it is this client's turn again
   */
  public LaneBudget(Lane lane, Runnable goOn) {
    this.lane = lane;
    this.goOn = goOn;
  }

  /** Whether the next packet has to wait for the next turn. */
  public boolean isOver() {
    return over;
  }

  /** A packet was handled. */
  public void packet() {
    if (++packets % PACKETS_A_LOOK == 0 && !over) {
      look();
    }
  }

  private void look() {
    long nowNanos = System.nanoTime();
    if (!begun) {
      begun = true;
      beganNanos = nowNanos;
      lane.execute(() -> begun = false); // when the lane has come to something else
    } else if (nowNanos - beganNanos > NANOS_MAX) {
      over = true;
      lane.schedule(this::next, 0); // not executed: a lane runs many tasks before it reads sockets
    }
  }

  private void next() {
    over = false;
    goOn.run();
  }
}
