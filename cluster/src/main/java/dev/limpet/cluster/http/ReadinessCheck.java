package dev.limpet.cluster.http;

/**
 * Says how one check of a node's readiness ended. Immutable.
 *
 * @param name one word, for programs
 * @param passed whether the node may be ready as far as this check knows
 * @param note one sentence for operators; empty when there is nothing to say
 */
public record ReadinessCheck(String name, boolean passed, String note) {

  /** Nothing to complain about. */
  public static ReadinessCheck passed(String name) {
    return new ReadinessCheck(name, true, "");
  }

  /** The same with something an operator may want to know. */
  public static ReadinessCheck passed(String name, String note) {
    return new ReadinessCheck(name, true, note);
  }

  /** The node is not ready. */
  public static ReadinessCheck failed(String name, String note) {
    return new ReadinessCheck(name, false, note);
  }
}
