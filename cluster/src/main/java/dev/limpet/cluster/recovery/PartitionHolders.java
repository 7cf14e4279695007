package dev.limpet.cluster.recovery;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which node routes for the stored sessions of each partition, as far as this node has
 * heard: the one that last announced it has indexed them. Confined to the housekeeper.
 */
final class PartitionHolders {

  private final NodeId self;
  private final @Nullable NodeId[] holders;

  PartitionHolders(NodeId self, int partitions) {
    this.self = self;
    this.holders = new NodeId[partitions];
  }

  /** This node has indexed these partitions. */
  void indexedHere(BitSet partitions) {
    partitions.stream().forEach(partition -> holders[partition] = self);
  }

  /**
   * A peer has indexed these partitions, all of which it owns.
   *
   * @param owned partitions of this node: messages about them came late
   * @return those that this node has routed for so far
   */
  BitSet indexedBy(NodeId peer, BitSet partitions, BitSet owned) {
    BitSet taken = new BitSet();
    partitions.stream()
        .filter(partition -> partition < holders.length && !owned.get(partition))
        .forEach(
            partition -> {
              if (self.equals(holders[partition])) {
                taken.set(partition);
              }
              holders[partition] = peer;
            });
    return taken;
  }

  /** A node is gone: its partitions have no routing node now. */
  void left(NodeId node) {
    for (int i = 0; i < holders.length; i++) {
      if (node.equals(holders[i])) {
        holders[i] = null;
      }
    }
  }

  /** Counts the partitions without a routing node. */
  int vacant() {
    return (int) Arrays.stream(holders).filter(holder -> holder == null).count();
  }

  BitSet heldHere() {
    BitSet held = new BitSet(holders.length);
    for (int i = 0; i < holders.length; i++) {
      held.set(i, self.equals(holders[i]));
    }
    return held;
  }

  static Buffer encode(BitSet partitions) {
    return new BinaryWriter(Buffer.buffer())
        .bytes(Buffer.buffer(partitions.toByteArray()))
        .buffer();
  }

  static BitSet decode(BinaryReader in) {
    return BitSet.valueOf(in.bytes().getBytes());
  }
}
