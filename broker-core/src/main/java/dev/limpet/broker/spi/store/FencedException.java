package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.ClientId;

/**
 * Reports a write with an epoch older than the session's: a newer connection holds the client id.
 */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String clientId;
  private final long epoch;

  public FencedException(ClientId clientId, long epoch) {
    super("epoch " + epoch + " of client " + clientId + " is fenced by a newer claim");
    this.clientId = clientId.value();
    this.epoch = epoch;
  }

  public ClientId clientId() {
    return ClientId.of(clientId);
  }

  /** The epoch that is too old. */
  public long epoch() {
    return epoch;
  }
}
