package dev.limpet.broker.routing.ports;

import java.util.concurrent.CompletableFuture;

/**
 * Reports the outcome of routing a publication. Immutable.
 *
 * @param matched whether it has a subscriber in the cluster
 * @param safe done when every matching inbox (and the retained store) holds it on two nodes: then,
 *     and not before, PUBACK or PUBREC may be sent
 */
public record Routed(boolean matched, CompletableFuture<Void> safe) {
  /** The result when no durable subscriber exists: safe at once. */
  public static final CompletableFuture<Void> AT_ONCE = CompletableFuture.completedFuture(null);

  /** Whether the acknowledgement need not wait. */
  public boolean isSafe() {
    return safe.isDone() && !safe.isCompletedExceptionally();
  }
}
