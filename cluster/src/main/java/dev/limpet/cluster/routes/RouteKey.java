package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A route of a node that is known from the context. Immutable. */
record RouteKey(SharedFilter filter, RouteKind kind) {

  private static final int BYTES_MIN = 3;

  /** An estimate of the bytes it takes on the wire. */
  int bytes() {
    String group = filter.group();
    return BYTES_MIN + filter.filter().value().length() + (group == null ? 0 : group.length() + 8);
  }

  static void write(Collection<RouteKey> keys, BinaryWriter out) {
    out.varint(keys.size());
    for (RouteKey key : keys) {
      out.u8(number(key.kind)).string(key.filter.toString());
    }
  }

  static List<RouteKey> read(BinaryReader in) {
    int count = in.count(BYTES_MIN);
    List<RouteKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      RouteKind kind = kind(in.u8());
      keys.add(new RouteKey(SharedFilter.parse(in.string()), kind));
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
