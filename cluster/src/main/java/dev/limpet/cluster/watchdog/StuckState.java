package dev.limpet.cluster.watchdog;

import java.util.Locale;

/**
 * Names the ways in which a part of a node can be stuck, and how long each may last. Times are
 * ticks of {@value Watchdog#TICK_MILLIS} ms with CPU. A heap at its end is not among them: {@code
 * cli.heap} ends the process without delay.
 */
public enum StuckState {
  /**
   * A promotion took the member's only permit and does not go on. The next may do the same, so its
   * heals are bounded, too.
   */
  PROMOTION(5, 25, 5),
  /** The thread that moves partitions has work and makes no progress. */
  MIGRATIONS(15, 120),
  /** This node leads the cluster, and partitions have no owner: nobody serves their clients. */
  OWNERS(10, 60),
  /** Partitions owned here have no copy elsewhere. An end would destroy what only they hold. */
  COPIES(20, StuckState.NEVER),
  /** The node gave up its side of a split, and the other side did not admit it. */
  MERGE_REFUSED(StuckState.NEVER, 10),
  /** The node began to merge after a split and does not end. */
  MERGE_UNFINISHED(StuckState.NEVER, 120),
  /** Hazelcast has shut the member down, and nobody asked for it. */
  MEMBER_DOWN(StuckState.NEVER, 10),
  /** An event loop runs nothing. */
  EVENT_LOOP(StuckState.NEVER, 60),
  /** A thread for operations on partitions runs nothing. */
  OPERATION_THREAD(StuckState.NEVER, 60);

  static final int NEVER = Integer.MAX_VALUE;

  private final int healTicks;
  private final int endTicks;
  private final int healsMax;

  StuckState(int healTicks, int endTicks) {
    this(healTicks, endTicks, StuckState.NEVER);
  }

  StuckState(int healTicks, int endTicks, int healsMax) {
    this.healTicks = healTicks;
    this.endTicks = endTicks;
    this.healsMax = healsMax;
  }

  /** After so many ticks, and again after as many more, what may heal it is tried. */
  int healTicks() {
    return healTicks;
  }

  /** After so many ticks the node ends; {@link #NEVER} for never. */
  int endTicks() {
    return endTicks;
  }

  /** When it comes back after so many heals, the node ends. */
  int healsMax() {
    return healsMax;
  }

  /** As written in metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
