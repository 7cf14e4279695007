package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;

/** A delivery for one durable session's inbox. Immutable. */
public record InboxTarget(ClientId clientId, Delivery delivery) {}
