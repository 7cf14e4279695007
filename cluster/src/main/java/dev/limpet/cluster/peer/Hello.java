package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;

/**
 * Identifies the two ends of a new link. Immutable.
 *
 * @param link random number of the sender's end: another one counts its frames anew
 * @param firstSequence the earliest frame the sender can still repeat
 */
record Hello(String clusterName, NodeId from, NodeId to, long link, long firstSequence) {

  private static final long MAGIC = 0x4C494D5045542031L; // "LIMPET 1"

  Buffer encode() {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.int64(MAGIC).string(clusterName);
    out.string(from.name()).int64(from.incarnation());
    out.string(to.name()).int64(to.incarnation());
    return out.int64(link).varint(firstSequence).buffer();
  }

  static Hello decode(BinaryReader in) {
    if (in.int64() != MAGIC) {
      throw new IllegalArgumentException("a peer of another protocol");
    }
    return new Hello(
        in.string(),
        new NodeId(in.string(), in.int64()),
        new NodeId(in.string(), in.int64()),
        in.int64(),
        in.varint());
  }
}
