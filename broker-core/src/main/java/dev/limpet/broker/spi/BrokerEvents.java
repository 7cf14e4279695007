package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ReasonCode;

/**
 * Listens to the events of connections. Called on lanes: must not block; the broker logs its
 * exceptions.
 */
public interface BrokerEvents {

  /** Listens to nothing. */
  BrokerEvents NONE = new BrokerEvents() {};

  /** A client got CONNACK with success. */
  default void connected(Claim claim, ClientIdentity client) {}

  /** A connected client's connection ended, for this reason. */
  default void disconnected(Claim claim, ReasonCode reason) {}
}
