package dev.limpet.cluster.sim;

import java.util.List;
import java.util.Random;

/**
 * Does to a cluster what the seed says, one destructive fault at a time: the next comes when every
 * partition has its copies again, since two copies survive one loss.
 */
final class FaultSchedule {
  private static final int SAFE_MILLIS_MAX = 60_000;

  private final SimulatedCluster world;
  private final Random random;

  FaultSchedule(SimulatedCluster world) {
    this.world = world;
    this.random = world.random;
  }

  /** Some faults, then all is mended. */
  void run() {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      world.clock.run(random.nextInt(2_000));
      one();
    }
  }

  private void one() {
    List<SimNode> nodes = world.nodes();
    SimNode node = nodes.get(random.nextInt(nodes.size()));
    SimNode other = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(9)) {
      case 0 -> kill(node);
      case 1 -> {
        kill(node);
        world.clock.run(5 + random.nextInt(95));
        stall(other, 1_000 + random.nextInt(3_500));
      }
      case 2, 3 -> stall(node, 300 + random.nextInt(12_000));
      case 4 -> nodes.forEach(each -> stall(each, 500 + random.nextInt(4_000)));
      case 5 -> nodes.forEach(each -> cut(node, each, true, true));
      case 6 -> {
        boolean out = random.nextBoolean();
        nodes.forEach(each -> cut(node, each, out, !out));
      }
      case 7 -> cut(node, other, true, true);
      default -> nodes.forEach(each -> slow(node, each));
    }
    world.clock.run(1_000 + random.nextInt(15_000));
    world.trace("all is mended");
    world.network.heal();
    awaitSafety();
  }

  private void kill(SimNode node) {
    world.kill(node);
    world.clock.after(2_000 + random.nextInt(6_000), () -> world.start(node.name()));
  }

  private void stall(SimNode node, int millis) {
    world.trace("%s stands still for %d ms", node, millis);
    node.stall(millis);
  }

  private void cut(SimNode node, SimNode other, boolean out, boolean in) {
    if (node == other) {
      return;
    }
    world.trace("%s and %s are cut, out %s, in %s", node, other, out, in);
    if (out) {
      world.network.cut(node.name(), other.name());
    }
    if (in) {
      world.network.cut(other.name(), node.name());
    }
  }

  private void slow(SimNode node, SimNode other) {
    world.trace("%s and %s are slow", node, other);
    world.network.slow(node.name(), other.name(), 800);
    world.network.slow(other.name(), node.name(), 800);
  }

  private void awaitSafety() {
    world.clock.run(1_000); // all have heard each other again
    for (int waited = 0; waited < SAFE_MILLIS_MAX && !world.isSafe(); waited += 500) {
      world.clock.run(500);
    }
    if (!world.isSafe()) {
      world.invariants.violated("G12", "no whole cluster a minute after the last fault");
    }
  }
}
