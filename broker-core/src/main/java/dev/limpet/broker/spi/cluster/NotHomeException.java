package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;

/** The node asked is not the home of the client id (any more): ask the present home. */
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
