package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Subscription;

/**
 * A subscription of a session connected to this node. Immutable; equal by connection and options.
 */
public record LocalSubscription(Subscriber subscriber, Subscription subscription) {}
