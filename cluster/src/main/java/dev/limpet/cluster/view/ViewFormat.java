package dev.limpet.cluster.view;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads the body of a VIEW frame: number, count, and each node's name and life. */
final class ViewFormat {

  private ViewFormat() {}

  static Buffer encode(View view) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.varint(view.number()).varint(view.nodes().size());
    view.nodes().forEach(node -> out.string(node.name()).int64(node.incarnation()));
    return out.buffer();
  }

  static View decode(BinaryReader in) {
    long number = in.varint();
    int count = in.count(1);
    List<NodeId> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(new NodeId(in.string(), in.int64()));
    }
    return new View(number, nodes);
  }
}
