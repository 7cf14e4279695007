package dev.limpet.examples.nemesis.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Gathers the steps of one schedule. Not thread-safe. */
final class Plan {

  /** How long a node may take to join, on a machine with little to spare. */
  private static final long SETTLE_MILLIS = 60_000;

  private final Random random;
  private final List<Step> steps = new ArrayList<>();
  private final int nodes;

  Plan(Random random, int nodes) {
    this.random = random;
    this.nodes = nodes;
  }

  int nodes() {
    return nodes;
  }

  /** Any node. */
  int any() {
    return random.nextInt(nodes);
  }

  /** Any node but this one. */
  int anyBut(int node) {
    return (node + 1 + random.nextInt(nodes - 1)) % nodes;
  }

  boolean coin() {
    return random.nextBoolean();
  }

  long between(long least, long most) {
    return least + random.nextInt((int) (most - least + 1));
  }

  long oneOf(long... choices) {
    return choices[random.nextInt(choices.length)];
  }

  void kill(long afterMillis, int node) {
    steps.add(new Step(afterMillis, "kill " + name(node), harm -> harm.kill(node)));
  }

  void start(long afterMillis, int node) {
    steps.add(new Step(afterMillis, "start " + name(node), harm -> harm.start(node)));
  }

  void leave(long afterMillis, int node) {
    steps.add(new Step(afterMillis, "stop " + name(node), harm -> harm.leave(node)));
  }

  void freeze(long afterMillis, List<Integer> who, long millis) {
    String words = "freeze " + names(who) + " for " + millis + " ms";
    steps.add(new Step(afterMillis, words, harm -> harm.freeze(who, millis)));
  }

  void starve(long afterMillis, List<Integer> who, long millis) {
    String words = "starve " + names(who) + " for " + millis + " ms";
    steps.add(new Step(afterMillis, words, harm -> harm.starve(who, millis)));
  }

  void cut(long afterMillis, List<Way> ways, long millis) {
    String words = "cut " + arrows(ways) + " for " + millis + " ms";
    steps.add(new Step(afterMillis, words, harm -> harm.cut(ways, millis)));
  }

  void flap(long afterMillis, List<Way> ways, long millis) {
    String words = "flap " + arrows(ways) + " for " + millis + " ms";
    steps.add(new Step(afterMillis, words, harm -> harm.flap(ways, millis)));
  }

  void storm(long afterMillis, int clients) {
    steps.add(
        new Step(afterMillis, "storm of " + clients + " clients", harm -> harm.storm(clients)));
  }

  void settle() {
    steps.add(new Step(0, "wait until all agree", harm -> harm.settle(SETTLE_MILLIS)));
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** All nodes there are. */
  List<Integer> all() {
    List<Integer> all = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      all.add(node);
    }
    return all;
  }

  /** a, b, c … */
  static String name(int node) {
    return String.valueOf((char) ('a' + node));
  }

  private static String names(List<Integer> nodes) {
    return String.join(",", nodes.stream().map(Plan::name).toList());
  }

  private static String arrows(List<Way> ways) {
    return String.join(
        ",", ways.stream().map(way -> name(way.from()) + ">" + name(way.to())).toList());
  }
}
