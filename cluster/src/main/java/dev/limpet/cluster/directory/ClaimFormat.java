package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.mqtt.Will;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Defines the binary form of claim records and of their answers. Stateless. */
final class ClaimFormat {

  private ClaimFormat() {}

  static void write(ClaimRecord record, BinaryWriter out) {
    write(record.host(), out);
    out.varint(record.epoch()).flag(record.connected()).flag(record.ended());
    write(record.will(), out);
    out.varint(record.willDueAtMillis()).string(record.address()).int64(record.last().attempt());
    ClaimAnswer answer = record.last().answer();
    out.flag(answer != null);
    if (answer != null) {
      write(answer, out);
    }
  }

  static ClaimRecord readRecord(BinaryReader in) {
    return new ClaimRecord(
        readNode(in),
        in.varint(),
        in.flag(),
        in.flag(),
        readWill(in),
        in.varint(),
        in.string(),
        new ClaimRecord.LastStep(in.int64(), in.flag() ? readAnswer(in) : null));
  }

  static void write(ClaimAnswer answer, BinaryWriter out) {
    NodeId holder = answer.holder();
    out.varint(answer.epoch()).flag(holder != null);
    if (holder != null) {
      write(holder, out);
    }
    out.varint(answer.holderEpoch());
    write(answer.will(), out);
    out.flag(answer.known());
  }

  static ClaimAnswer readAnswer(BinaryReader in) {
    return new ClaimAnswer(
        in.varint(), in.flag() ? readNode(in) : null, in.varint(), readWill(in), in.flag());
  }

  static void write(NodeId node, BinaryWriter out) {
    out.string(node.name()).int64(node.incarnation());
  }

  static NodeId readNode(BinaryReader in) {
    return new NodeId(in.string(), in.int64());
  }

  static void write(Set<NodeId> nodes, BinaryWriter out) {
    out.varint(nodes.size());
    nodes.forEach(node -> write(node, out));
  }

  static Set<NodeId> readNodes(BinaryReader in) {
    int count = in.count(1 + Long.BYTES);
    Set<NodeId> nodes = new HashSet<>();
    for (int i = 0; i < count; i++) {
      nodes.add(readNode(in));
    }
    return nodes;
  }

  static void write(@Nullable Will will, BinaryWriter out) {
    out.flag(will != null);
    if (will != null) {
      PublicationFormat.write(will, out);
    }
  }

  static @Nullable Will readWill(BinaryReader in) {
    return in.flag() ? PublicationFormat.readWill(in) : null;
  }
}
