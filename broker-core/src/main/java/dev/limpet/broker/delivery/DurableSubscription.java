package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Subscription;

/** Represents a subscription of a durable session at home on this node. Immutable. */
public record DurableSubscription(ClientId clientId, Subscription subscription) {}
