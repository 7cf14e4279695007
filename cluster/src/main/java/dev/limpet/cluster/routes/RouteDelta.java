package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Describes one change of a node's set of routes. Immutable.
 *
 * @param base number of the change this one follows; {@link #REWRITTEN} when the set was written
 *     anew, so that it has to be read from the truth
 * @param sequence number of this change
 */
record RouteDelta(long base, long sequence, List<RouteKey> added, List<RouteKey> removed) {

  /** The {@code base} of a set that was written as a whole. */
  static final long REWRITTEN = Long.MAX_VALUE;

  RouteDelta {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  void write(BinaryWriter out) {
    out.varint(base).varint(sequence);
    RouteKey.write(added, out);
    RouteKey.write(removed, out);
  }

  Buffer encode() {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    write(out);
    return out.buffer();
  }

  static RouteDelta read(BinaryReader in) {
    return new RouteDelta(in.varint(), in.varint(), RouteKey.read(in), RouteKey.read(in));
  }
}
