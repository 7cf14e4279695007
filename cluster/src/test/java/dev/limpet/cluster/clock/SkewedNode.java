package dev.limpet.cluster.clock;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A node's machine in a test: its wall clock is wrong, and both its clocks stand until moved. */
final class SkewedNode {
  static final long TRUE_MILLIS = 1_700_000_000_000L;

  /** Steady clocks of several machines have nothing in common. */
  private long nanos = System.identityHashCode(this) * 1_000_003L;

  private long wallMillis;
  private final List<NodeId> elders = new ArrayList<>();
  private final List<SkewedNode> all;
  final NodeId id;
  final ClusterClock clock;

  /**
   * @param all of the machines, to which this one is added: time passes for all at once
   */
  SkewedNode(List<SkewedNode> all, String name, long skewMillis) {
    this.all = all;
    all.add(this);
    id = new NodeId(name, 1);
    wallMillis = TRUE_MILLIS + skewMillis;
    clock = new ClusterClock(() -> wallMillis, () -> nanos);
  }

  CompletionStage<Void> joinsAfter(SkewedNode... before) {
    elders.clear();
    for (SkewedNode each : before) {
      elders.add(each.id);
    }
    return clock.follow(() -> List.copyOf(elders));
  }

  void seesLeave(SkewedNode gone) {
    elders.remove(gone.id);
    clock.review();
  }

  /** Somebody sets the wall clock. */
  void setWallBy(long millis) {
    wallMillis += millis;
  }

  static void pass(long millis, Iterable<SkewedNode> all) {
    for (SkewedNode each : all) {
      each.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
      each.wallMillis += millis;
    }
  }

  /** Asks a peer over a network that is as slow in each direction as is said. */
  void asks(SkewedNode peer, long thereMillis, long backMillis) {
    long asked = clock.nanos();
    pass(thereMillis, all);
    Buffer reading = peer.clock.reading();
    pass(backMillis, all);
    clock.heard(peer.id, asked, new BinaryReader(reading));
  }
}
