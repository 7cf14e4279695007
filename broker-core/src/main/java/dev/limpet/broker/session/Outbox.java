package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;

/** The way out to one connected client: what it gets next and what its acknowledgements mean. */
public interface Outbox {

  /**
   * Sends a delivery of the live path, now or when the client can take it.
   *
   * @return false when it was dropped because a bound was reached
   */
  boolean deliver(Delivery delivery);

  /** PUBACK of a delivery at QoS 1. */
  void puback(int packetId, ReasonCode reason);

  /** PUBREC of a delivery at QoS 2. */
  void pubrec(int packetId, ReasonCode reason);

  /** PUBCOMP of a delivery at QoS 2. */
  void pubcomp(int packetId);

  /** The client can take more: its socket is writable again. */
  void drain();

  /** How many deliveries wait in this node's memory. */
  int queued();
}
