package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when the replica was last known to have all routes of a peer. Each peer tells every
 * second how far its routes are. Thread-safe.
 */
final class PeersInStep {

  /** Longer than it takes to notice that a peer is dead: until then its silence means nothing. */
  static final int SILENCE_SECONDS_MAX = 10;

  private final LongSupplier nanos;
  private final Map<NodeId, Long> inStep = new ConcurrentHashMap<>();

  /**
   * @param nanos a monotonic clock
   */
  PeersInStep(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The replica has all routes that the peer has told of. */
  void reached(NodeId peer) {
    inStep.put(peer, nanos.getAsLong());
  }

  void left(NodeId peer) {
    inStep.remove(peer);
  }

  /** Those of the peers that have never been in step. */
  List<NodeId> neverAmong(Collection<NodeId> peers) {
    return peers.stream().filter(peer -> !inStep.containsKey(peer)).toList();
  }

  /** Those of the peers that have not been in step for {@value #SILENCE_SECONDS_MAX} s. */
  List<NodeId> behindAmong(Collection<NodeId> peers) {
    long now = nanos.getAsLong();
    return peers.stream().filter(peer -> isBehind(inStep.get(peer), now)).toList();
  }

  private static boolean isBehind(@Nullable Long since, long now) {
    return since == null || now - since > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS_MAX);
  }
}
