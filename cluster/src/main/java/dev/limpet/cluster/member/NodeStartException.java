package dev.limpet.cluster.member;

/**
 * Reports that a node could not start; the message is one sentence: what, where and what to change.
 */
public final class NodeStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NodeStartException(String sentence) {
    super(sentence);
  }

  public NodeStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
