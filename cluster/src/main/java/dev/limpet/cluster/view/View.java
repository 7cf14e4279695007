package dev.limpet.cluster.view;

import dev.limpet.broker.mqtt.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The nodes that were together last, the longest-standing first. Immutable.
 *
 * @param number rises with each change; of two views the one with the higher number is newer
 */
record View(long number, List<NodeId> nodes) {

  View {
    nodes = List.copyOf(nodes);
  }

  /**
   * Whether some nodes may go on without the others: more than half of those that may live, or half
   * of them with the longest-standing one, so that never two sides may.
   *
   * @param here the nodes of one side
   * @param dead nodes of this view that are proved dead, and have no vote
   */
  boolean isMajority(Collection<NodeId> here, Set<NodeId> dead) {
    List<NodeId> voters = nodes.stream().filter(node -> !dead.contains(node)).toList();
    long votes = voters.stream().filter(here::contains).count();
    boolean half = 2 * votes == voters.size();
    return 2 * votes > voters.size() || (half && votes > 0 && here.contains(voters.get(0)));
  }

  /** The next view, of these nodes; this one when they are the same. */
  View next(List<NodeId> members) {
    return members.equals(nodes) ? this : new View(number + 1, members);
  }
}
