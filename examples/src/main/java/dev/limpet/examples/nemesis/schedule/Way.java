package dev.limpet.examples.nemesis.schedule;

import java.util.ArrayList;
import java.util.List;

/** Packets from one node to another. */
public record Way(int from, int to) {

  /** All ways between this node and the others. */
  static List<Way> around(int node, int nodes) {
    List<Way> ways = new ArrayList<>();
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        ways.addAll(between(node, other));
      }
    }
    return ways;
  }

  static List<Way> between(int one, int other) {
    return List.of(new Way(one, other), new Way(other, one));
  }
}
