package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Identifies a route of a node known from the context. Immutable. */
record RouteKey(SharedFilter filter, RouteKind kind, int weight) {

  /** Kind and weight share a byte: two bits and six. */
  private static final int KIND_BITS = 2;

  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private static final int BYTES_MIN = 3;

  /** An estimate of the bytes it takes on the wire. */
  int bytes() {
    String group = filter.group();
    return BYTES_MIN + filter.filter().value().length() + (group == null ? 0 : group.length() + 8);
  }

  /**
   * A number that two sets of routes can be compared by: the sum over all of a set. The same on
   * every node.
   */
  long fingerprint() {
    String text = filter.toString();
    long hash = number(kind) | (long) weight << KIND_BITS;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + text.charAt(i) + 1;
    }
    return (hash ^ hash >>> 32) * 0xBF58476D1CE4E5B9L;
  }

  static void write(Collection<RouteKey> keys, BinaryWriter out) {
    out.varint(keys.size());
    for (RouteKey key : keys) {
      int kindAndWeight = number(key.kind) | (key.weight - 1) << KIND_BITS;
      out.u8(kindAndWeight).string(key.filter.toString());
    }
  }

  static List<RouteKey> read(BinaryReader in) {
    int count = in.count(BYTES_MIN);
    List<RouteKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kindAndWeight = in.u8();
      SharedFilter filter = SharedFilter.parse(in.string());
      int weight = (kindAndWeight >>> KIND_BITS) + 1;
      keys.add(new RouteKey(filter, kind(kindAndWeight & KIND_MASK), weight));
    }
    return keys;
  }

  private static int number(RouteKind kind) {
    return switch (kind) {
      case LIVE -> 0;
      case LIVE_QOS0 -> 1;
      case DURABLE -> 2;
      case DURABLE_CONNECTED -> 3;
    };
  }

  private static RouteKind kind(int number) {
    return switch (number) {
      case 0 -> RouteKind.LIVE;
      case 1 -> RouteKind.LIVE_QOS0;
      case 2 -> RouteKind.DURABLE;
      case 3 -> RouteKind.DURABLE_CONNECTED;
      default -> throw new IllegalArgumentException("unknown kind of route " + number);
    };
  }
}
