package dev.limpet.cluster;

import dev.limpet.broker.mqtt.ClientId;
import java.util.stream.IntStream;

/** Finds client ids that are at home where a test wants them. Stateless. */
final class HomeIds {
  private HomeIds() {}

  /** The first id with this prefix and a number whose home is that node. */
  static String at(EmbeddedCluster cluster, int node, String prefix) {
    String home = cluster.node(node).broker().id().name();
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> prefix + i)
        .filter(id -> isAt(cluster, home, id))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isAt(EmbeddedCluster cluster, String home, String id) {
    return cluster
        .node(0)
        .broker()
        .cluster()
        .membership()
        .homeOf(ClientId.of(id))
        .name()
        .equals(home);
  }
}
