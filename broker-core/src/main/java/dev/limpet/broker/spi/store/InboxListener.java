package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;

/** Hears from this node's store of each entry it appended. */
public interface InboxListener {

  /**
   * An append that this node asked for is safe on two nodes. Calls for one inbox come in the order
   * of their sequences, on any thread; must not block. An entry may be reported again when its
   * publication is rerouted: ignore sequences at or below the last one heard.
   */
  void appended(ClientId clientId, InboxEntry entry);

  /** An append that this node asked for found no room. On any thread; must not block. */
  default void dropped(ClientId clientId, Delivery delivery) {}
}
