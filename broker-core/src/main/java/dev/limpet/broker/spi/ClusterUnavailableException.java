package dev.limpet.broker.spi;

import org.jspecify.annotations.Nullable;

/** Reports that the cluster could not answer: too few nodes, a timeout, or this node is leaving. */
public final class ClusterUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClusterUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
