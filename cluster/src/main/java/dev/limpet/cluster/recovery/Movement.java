package dev.limpet.cluster.recovery;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.peer.FrameKind;
import dev.limpet.cluster.peer.PeerTransport;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Knows whether partitions move: from when a node joins, says that it will leave, or is gone, or a
 * migration begins, until nobody sends to an old home any more. Thread-safe.
 */
public final class Movement {
  /** A peer that does not answer in time learns of it from the migrations. */
  private static final long ANSWER_MILLIS_MAX = 1_000;

  private static final Buffer NOTHING = Buffer.buffer();

  private final PeerTransport transport;
  private final LongSupplier nanos;
  private final long lastsNanos;
  private final Set<NodeId> leaving = ConcurrentHashMap.newKeySet();
  private volatile long movedNanos;

  /**
   * @param lastsMillis how long an old home may still append after the last movement
   */
  Movement(PeerTransport transport, LongSupplier nanos, long lastsMillis) {
    this.transport = transport;
    this.nanos = nanos;
    this.lastsNanos = TimeUnit.MILLISECONDS.toNanos(lastsMillis);
    this.movedNanos = nanos.getAsLong();
    transport.handle(
        FrameKind.LEAVING,
        (from, body) -> {
          leaving.add(from);
          moved();
          return CompletableFuture.completedStage(NOTHING);
        });
  }

  /** Something has moved, or is about to. */
  void moved() {
    movedNanos = nanos.getAsLong();
  }

  /** Whether a node has said that it will leave. */
  public boolean isLeaving(NodeId node) {
    return leaving.contains(node);
  }

  /** A node is gone, and that it said so is not asked for any more. */
  void left(NodeId node) {
    leaving.remove(node);
    moved();
  }

  /** Whether an old and a new home may both append. */
  public boolean isGoingOn() {
    return nanos.getAsLong() - movedNanos < lastsNanos;
  }

  /** Tells peers that this node will leave, before its partitions move. Blocks for a second. */
  public void announce(Collection<NodeId> peers) {
    CompletableFuture<?>[] told =
        peers.stream()
            .map(peer -> transport.ask(peer, FrameKind.LEAVING, NOTHING))
            .map(answer -> answer.handle((value, failure) -> failure == null))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(told)
        .completeOnTimeout(null, ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .join();
  }
}
