package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;

/**
 * Reports that the node asked is not, or no longer, the home of the client id: ask the present
 * home.
 */
public final class NotHomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String clientId;

  public NotHomeException(ClientId clientId) {
    super("this node is not the home of " + clientId);
    this.clientId = clientId.value();
  }

  public ClientId clientId() {
    return ClientId.of(clientId);
  }
}
