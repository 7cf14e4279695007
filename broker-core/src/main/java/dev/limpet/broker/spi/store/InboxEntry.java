package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.Delivery;

/**
 * A delivery in an inbox. Immutable.
 *
 * @param sequence rises by one with each append to this inbox, from 1; the packet id derives from
 *     it
 */
public record InboxEntry(long sequence, Delivery delivery) {}
