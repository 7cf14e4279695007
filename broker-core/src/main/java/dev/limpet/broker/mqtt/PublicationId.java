package dev.limpet.broker.mqtt;

/**
 * Names one publication in the whole cluster, so that an inbox drops what it already holds when a
 * publication is routed again. Immutable.
 *
 * @param origin random number of the node incarnation that received it from its publisher
 * @param sequence raised by one for each publication of that incarnation, from 1
 */
public record PublicationId(long origin, long sequence) {}
