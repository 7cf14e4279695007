/**
 * Several brokers as one: membership, session registry, routes, peer links, takeover, recovery.
 *
 * <p>Implements the cluster ports of {@code dev.limpet.broker.spi} on Hazelcast and on peer links,
 * and wires all modules into a node. No MQTT packet is read or written here. Applications and the
 * command line call in.
 */
@NullMarked
package dev.limpet.cluster;

import org.jspecify.annotations.NullMarked;
