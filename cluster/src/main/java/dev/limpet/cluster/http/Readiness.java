package dev.limpet.cluster.http;

/**
 * States whether a node may get clients. Immutable.
 *
 * @param reason one sentence for operators; empty when there is nothing to say
 */
public record Readiness(NodeState state, String reason) {

  /** Nothing to complain about. */
  public static final Readiness READY = new Readiness(NodeState.READY, "");

  /** Whether a balancer may send clients here. */
  public boolean isReady() {
    return state == NodeState.READY;
  }
}
