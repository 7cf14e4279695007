package dev.limpet.cluster.http;

import java.util.List;

/**
 * States whether a node may get clients. Immutable.
 *
 * @param reason one sentence for operators; empty when there is nothing to say
 * @param checks what was looked at; empty while there is nothing to look at
 * @param missing peers that were here, or should be, and are not
 */
public record Readiness(
    NodeState state, String reason, List<ReadinessCheck> checks, List<String> missing) {

  /** Nothing to complain about. */
  public static final Readiness READY = new Readiness(NodeState.READY, "");

  public Readiness {
    checks = List.copyOf(checks);
    missing = List.copyOf(missing);
  }

  /** A node that has nothing to look at yet, or no more. */
  public Readiness(NodeState state, String reason) {
    this(state, reason, List.of(), List.of());
  }

  /** Whether a balancer may send clients here. */
  public boolean isReady() {
    return state == NodeState.READY;
  }
}
