package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Random;

/** What the clients of one round share. Confined to the event loop, but for the history. */
final class World {

  private final Vertx vertx;
  private final History history;
  private final List<Address> nodes;
  private final Random random;
  private long connections;
  private boolean restless = true;
  private boolean over;

  World(Vertx vertx, History history, List<Address> nodes, Random random) {
    this.vertx = vertx;
    this.history = history;
    this.nodes = List.copyOf(nodes);
    this.random = random;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Any node for the n-th try of somebody who begins at this node. */
  Address node(int turn) {
    return nodes.get(Math.floorMod(turn, nodes.size()));
  }

  int nodes() {
    return nodes.size();
  }

  /** Whether publishers publish, and others come and go. */
  boolean isRestless() {
    return restless;
  }

  /** From now on clients only stay connected. */
  void calmDown() {
    restless = false;
  }

  /** Whether nobody connects any more. */
  boolean isOver() {
    return over;
  }

  void end() {
    restless = false;
    over = true;
  }

  long nextConnection() {
    return ++connections;
  }

  void record(Event event) {
    history.record(event);
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** Runs the task once, after so many milliseconds. */
  void in(int millis, Runnable task) {
    vertx.setTimer(Math.max(1, millis), timer -> task.run());
  }
}
