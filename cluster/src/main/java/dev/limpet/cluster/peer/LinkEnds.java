package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;

/**
 * Names the two ends of a link. Immutable.
 *
 * @param address where the peer accepts links
 */
record LinkEnds(String clusterName, NodeId self, NodeId peer, SocketAddress address) {}
