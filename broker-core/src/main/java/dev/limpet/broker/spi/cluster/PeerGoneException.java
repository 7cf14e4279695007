package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.NodeId;

/**
 * Reports that the peer left the cluster before it answered; it may or may not have carried out the
 * request.
 */
public final class PeerGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PeerGoneException(NodeId peer) {
    super("node " + peer + " left before it answered");
  }
}
