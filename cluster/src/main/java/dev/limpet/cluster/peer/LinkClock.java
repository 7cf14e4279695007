package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;

/**
 * Compares the clocks of this node and its peers by what the links carry there and back. A link
 * asks as soon as its peer has admitted it, and each second after.
 *
 * <p>Implementations are thread-safe and do not block: links call on their event loops.
 */
public interface LinkClock {

  /** Whether this node knows the time of its cluster. Before, it admits no peer. */
  boolean isSet();

  /** When a question leaves this node, by a clock that only goes forward. */
  long nanos();

  /** What the clocks of this node show, for a peer that asks. */
  Buffer reading();

  /**
   * A peer has answered.
   *
   * @param askedNanos {@link #nanos} when this node asked it
   * @param reading the peer's {@link #reading}
   */
  void heard(NodeId peer, long askedNanos, BinaryReader reading);
}
