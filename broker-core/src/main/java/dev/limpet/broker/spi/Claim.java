package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;

/**
 * Represents the exclusive hold of one connection on a client id. Immutable.
 *
 * @param host the node (and its incarnation) where the connection ends
 * @param epoch raised by each claim of this client id; a write with an older one is fenced
 */
public record Claim(ClientId clientId, NodeId host, long epoch) {}
