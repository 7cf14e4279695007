package dev.limpet.cluster.member;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import dev.limpet.broker.mqtt.NodeId;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies the owners of partitions from Hazelcast's table so that a look-up never waits: Hazelcast
 * itself may ask the master first.
 *
 * <p>Thread-safe: readers see one volatile snapshot; {@link #refresh} is serialized and may block
 * for a second, so it belongs on a thread of its own.
 */
public final class PartitionTable {

  private final PartitionService service;
  private final HazelcastMembership membership;
  private final Partition[] partitions;
  private volatile Owners owners;

  /**
   * The owners at one moment. Immutable.
   *
   * @param byPartition the last owner known, which may have left meanwhile
   * @param settled whether every partition had a live owner
   */
  private record Owners(NodeId[] byPartition, boolean settled) {}

  PartitionTable(HazelcastInstance hazelcast, HazelcastMembership membership) {
    this.service = hazelcast.getPartitionService();
    this.membership = membership;
    this.partitions = service.getPartitions().toArray(Partition[]::new);
    NodeId[] nobody = new NodeId[partitions.length];
    java.util.Arrays.fill(nobody, membership.self());
    this.owners = new Owners(nobody, false);
    refresh();
  }

  public int count() {
    return partitions.length;
  }

  /** The partition of a key of the session and claim maps: the text of a client id. */
  public int partitionOf(String key) {
    return service.getPartition(key).getPartitionId();
  }

  /** The last owner known. */
  public NodeId ownerOf(int partition) {
    return owners.byPartition[partition];
  }

  /** Whether every partition had a live owner when this was last refreshed. */
  public boolean isSettled() {
    return owners.settled;
  }

  /** The partitions owned by a node. */
  public BitSet ownedBy(NodeId node) {
    BitSet owned = new BitSet(partitions.length);
    NodeId[] byPartition = owners.byPartition;
    for (int i = 0; i < byPartition.length; i++) {
      if (byPartition[i].equals(node)) {
        owned.set(i);
      }
    }
    return owned;
  }

  /** Copies Hazelcast's table. */
  public synchronized void refresh() {
    NodeId[] now = owners.byPartition.clone();
    boolean settled = true;
    for (Partition partition : partitions) {
      NodeId owner = nodeOf(partition.getOwner());
      if (owner == null) {
        settled = false;
      } else {
        now[partition.getPartitionId()] = owner;
      }
    }
    owners = new Owners(now, settled);
  }

  private @Nullable NodeId nodeOf(@Nullable Member member) {
    return member == null ? null : membership.view().node(member);
  }
}
