package dev.limpet.broker.spi.store;

/**
 * A node has no room for what it was to keep: its inboxes are full together, or its memory is
 * short. Nothing was kept; later there may be room.
 */
public final class NodeFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NodeFullException(String message) {
    super(message);
  }
}
