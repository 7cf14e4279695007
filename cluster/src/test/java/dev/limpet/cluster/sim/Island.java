package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that take each other for members of one Hazelcast cluster, the oldest first, and their
 * partition table. A node that others have removed believes in its old island until it notices.
 */
final class Island {
  final List<SimNode> members;
  final @Nullable SimNode[] owners = new SimNode[SimPartitions.COUNT];
  final @Nullable SimNode[] backups = new SimNode[SimPartitions.COUNT];

  /** Whether the owner has been promoted. */
  final boolean[] promoted = new boolean[SimPartitions.COUNT];

  /** Whether the backup has its copy. */
  final boolean[] copied = new boolean[SimPartitions.COUNT];

  /** Its other members have gone on without those that still believe in it. */
  boolean isLeft;

  /** Whether the backup has missed a write: it confirms none until it has all anew. */
  final boolean[] stale = new boolean[SimPartitions.COUNT];

  boolean isRebalancing;

  Island(List<SimNode> members) {
    this.members = new ArrayList<>(members);
  }

  List<NodeId> ids() {
    return members.stream().map(node -> node.id).toList();
  }

  long ownedBy(SimNode node) {
    return Arrays.stream(owners).filter(owner -> owner == node).count();
  }

  /** Whether each partition has an owner, and as many copies as there can be. */
  boolean isWhole() {
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      if (!promoted[p] || stale[p] || (members.size() > 1 && !copied[p])) {
        return false;
      }
    }
    return members.stream().allMatch(node -> node.alive && node.island == this);
  }

  @Override
  public String toString() {
    return ids().toString();
  }
}
