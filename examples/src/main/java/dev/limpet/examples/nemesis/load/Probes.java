package dev.limpet.examples.nemesis.load;

import java.util.ArrayList;
import java.util.List;

/**
 * One publisher at each node, to reach every client from everywhere. Confined to the event loop.
 */
final class Probes {

  private final List<Publisher> publishers = new ArrayList<>();
  private long number;

  Probes(World world) {
    for (int node = 0; node < world.nodes(); node++) {
      String id = "probe-" + world.node(node).node();
      publishers.add(new Publisher(world, new Profile(id, false, true, node, Profile.HASTY)));
    }
  }

  /** What only this client subscribes to. */
  static String filter(String client) {
    return level(client) + "#";
  }

  private static String level(String client) {
    return "probe/" + client + "/";
  }

  void connect() {
    publishers.forEach(Publisher::connect);
  }

  /** Whether there is a publisher at each of so many nodes. */
  boolean areOpen(int nodes) {
    return publishers.stream().filter(Station::isOpen).count() >= nodes;
  }

  /** Sends one probe from each publisher to each client. */
  void send(List<String> clients) {
    for (Publisher each : publishers) {
      if (each.isOpen()) {
        number++;
        String from = each.profile().id();
        clients.forEach(client -> each.publish(level(client) + from, 1, number));
      }
    }
  }
}
