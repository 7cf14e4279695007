package dev.limpet.examples.nemesis.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The kinds of rounds. Each computes its steps from a seed; the same seed gives the same steps. */
public enum Schedule {
  /** One node dies. */
  KILL,
  /** Two nodes die, the second when all is well again after the first. */
  KILL_TWO,
  /** A node dies while another joins. */
  KILL_DURING_JOIN,
  /** A node dies while another stops in order. */
  KILL_DURING_STOP,
  /** One node, or all, stand still. */
  FREEZE,
  /** A node dies; some milliseconds later another stands still; then one joins and one dies. */
  FREEZE_AFTER_KILL,
  /** One node is alone. */
  CUT,
  /** Two nodes do not see each other, everybody else sees both. */
  PARTIAL,
  /** Packets get through in one direction only. */
  ONE_WAY,
  /** Every way loses packets now and then. */
  LOSSY,
  /** All nodes get a fifth of the time they want. */
  STARVE,
  /** All nodes are stopped and started, one after the other. */
  ROLLING,
  /** A node more, then one less. */
  JOIN_LEAVE,
  /** Many clients connect at once, and a node dies meanwhile. */
  STORM;

  /** What goes on unharmed before the first step. */
  private static final long WARM_UP_MILLIS = 3_000;

  private static final List<Long> FREEZES = List.of(500L, 3_000L, 8_000L, 20_000L);

  /**
   * The steps of a round.
   *
   * @param nodes how many run at first, at least 2; a joiner gets the next number
   */
  public List<Step> steps(long seed, int nodes) {
    Plan plan = new Plan(new Random(seed), nodes);
    fill(plan);
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(WARM_UP_MILLIS, "begin", harm -> {}));
    steps.addAll(plan.steps());
    return List.copyOf(steps);
  }

  private void fill(Plan plan) {
    switch (this) {
      case KILL -> kill(plan);
      case KILL_TWO -> killTwo(plan);
      case KILL_DURING_JOIN -> killDuringJoin(plan);
      case KILL_DURING_STOP -> killDuringStop(plan);
      case FREEZE -> freeze(plan);
      case FREEZE_AFTER_KILL -> freezeAfterKill(plan);
      case CUT -> cut(plan);
      case PARTIAL -> partial(plan);
      case ONE_WAY -> oneWay(plan);
      case LOSSY -> lossy(plan);
      case STARVE -> plan.starve(0, plan.all(), plan.oneOf(20_000, 60_000));
      case ROLLING -> rolling(plan);
      case JOIN_LEAVE -> joinLeave(plan);
      case STORM -> storm(plan);
    }
  }

  /** One of them. */
  public static Schedule any(long seed) {
    return values()[new Random(seed).nextInt(values().length)];
  }

  /** As it is written on the command line: {@code kill-during-join}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads {@link #word}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Schedule of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static void kill(Plan plan) {
    int node = plan.any();
    plan.kill(plan.between(0, 1_000), node);
    plan.start(plan.between(2_000, 12_000), node);
  }

  private static void killTwo(Plan plan) {
    int first = plan.any();
    int second = plan.anyBut(first);
    plan.kill(plan.between(0, 1_000), first);
    plan.start(plan.between(2_000, 6_000), first);
    plan.settle();
    plan.kill(plan.between(0, 1_000), second);
    plan.start(plan.between(2_000, 6_000), second);
  }

  private static void killDuringJoin(Plan plan) {
    plan.start(0, plan.nodes());
    plan.kill(plan.between(1_500, 8_000), plan.any());
  }

  private static void killDuringStop(Plan plan) {
    int leaver = plan.any();
    int victim = plan.anyBut(leaver);
    if (plan.coin()) {
      plan.kill(0, victim);
      plan.leave(plan.between(0, 500), leaver);
    } else {
      plan.leave(0, leaver);
      plan.kill(plan.between(0, 300), victim);
    }
    plan.start(plan.between(1_000, 5_000), leaver);
    plan.settle();
    plan.start(0, victim);
  }

  private static void freeze(Plan plan) {
    long millis = FREEZES.get((int) plan.between(0, FREEZES.size() - 1L));
    boolean everybody = plan.between(0, 3) == 0;
    plan.freeze(0, everybody ? plan.all() : List.of(plan.any()), millis);
  }

  private static void freezeAfterKill(Plan plan) {
    int dead = plan.any();
    int frozen = plan.anyBut(dead);
    List<Integer> survivors = plan.all();
    survivors.remove((Integer) dead);
    plan.kill(0, dead);
    plan.freeze(
        plan.between(5, 100), plan.coin() ? survivors : List.of(frozen), plan.oneOf(3_000, 8_000));
    plan.start(plan.between(9_000, 12_000), dead);
    plan.settle();
    plan.kill(0, plan.anyBut(dead));
  }

  private static void cut(Plan plan) {
    plan.cut(0, Way.around(plan.any(), plan.nodes()), plan.oneOf(3_000, 12_000, 30_000));
  }

  private static void partial(Plan plan) {
    int one = plan.any();
    plan.cut(0, Way.between(one, plan.anyBut(one)), plan.oneOf(3_000, 12_000, 30_000));
  }

  private static void oneWay(Plan plan) {
    int deaf = plan.any();
    List<Way> ways = Way.around(deaf, plan.nodes());
    boolean inwards = plan.coin();
    List<Way> half = ways.stream().filter(way -> (way.to() == deaf) == inwards).toList();
    plan.cut(0, half, plan.oneOf(3_000, 12_000, 30_000));
  }

  private static void lossy(Plan plan) {
    List<Way> ways = new ArrayList<>();
    for (int one = 0; one < plan.nodes(); one++) {
      for (int other = 0; other < one; other++) {
        ways.addAll(Way.between(one, other));
      }
    }
    plan.flap(0, ways, plan.oneOf(10_000, 30_000));
  }

  private static void rolling(Plan plan) {
    for (int node : plan.all()) {
      plan.leave(0, node);
      plan.start(plan.between(0, 2_000), node);
      plan.settle();
    }
  }

  private static void joinLeave(Plan plan) {
    plan.start(0, plan.nodes());
    plan.settle();
    plan.leave(plan.between(0, 2_000), (int) plan.between(0, plan.nodes()));
  }

  private static void storm(Plan plan) {
    plan.storm(0, 500);
    plan.kill(plan.between(0, 1_000), plan.any());
    plan.storm(plan.between(0, 2_000), 500);
  }
}
