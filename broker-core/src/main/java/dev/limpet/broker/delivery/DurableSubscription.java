package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Subscription;

/** A subscription of a durable session whose home this node is. Immutable. */
public record DurableSubscription(ClientId clientId, Subscription subscription) {}
