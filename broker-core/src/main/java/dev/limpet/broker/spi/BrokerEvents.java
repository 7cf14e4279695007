package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ReasonCode;

/**
 * Told what happens to connections. Called on lanes: must not block, and what it throws is logged.
 */
public interface BrokerEvents {

  /** Listens to nothing. */
  BrokerEvents NONE = new BrokerEvents() {};

  /** A client got CONNACK with success. */
  default void connected(Claim claim, ClientIdentity client) {}

  /** A connected client's connection ended, for this reason. */
  default void disconnected(Claim claim, ReasonCode reason) {}
}
