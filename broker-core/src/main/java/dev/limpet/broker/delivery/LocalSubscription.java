package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Subscription;

/**
 * Represents a subscription of a session connected to this node. Immutable; equal by connection and
 * options.
 */
public record LocalSubscription(Subscriber subscriber, Subscription subscription) {}
