package dev.limpet.examples.nemesis.schedule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Nodes that only remember what was done to them. */
final class Watched implements Harm {

  private final Set<Integer> alive = new HashSet<>();
  private final int nodes;
  private int highest;

  Watched(int nodes) {
    this.nodes = nodes;
    for (int node = 0; node < nodes; node++) {
      alive.add(node);
    }
  }

  int highest() {
    return highest;
  }

  /** How many of the first nodes, or of those that joined, are gone. */
  int dead() {
    return Math.max(0, nodes - alive.size());
  }

  private void touch(int node) {
    highest = Math.max(highest, node);
  }

  @Override
  public void kill(int node) {
    touch(node);
    alive.remove(node);
  }

  @Override
  public void leave(int node) {
    kill(node);
  }

  @Override
  public void start(int node) {
    touch(node);
    alive.add(node);
  }

  @Override
  public void freeze(List<Integer> who, long millis) {
    who.forEach(this::touch);
  }

  @Override
  public void starve(List<Integer> who, long millis) {
    who.forEach(this::touch);
  }

  @Override
  public void cut(List<Way> ways, long millis) {
    ways.forEach(way -> touch(Math.max(way.from(), way.to())));
  }

  @Override
  public void flap(List<Way> ways, long millis) {
    cut(ways, millis);
  }

  @Override
  public void storm(int clients) {}

  @Override
  public void settle(long millis) {}
}
