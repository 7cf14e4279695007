package dev.limpet.broker.spi.store;

/**
 * Reports that a node has no room for a write: its inboxes are full together, or its memory is
 * short. Nothing was kept; a later write may succeed.
 */
public final class NodeFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NodeFullException(String message) {
    super(message);
  }
}
