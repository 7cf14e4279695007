package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;

/**
 * Between whom a link runs. Immutable.
 *
 * @param address where the peer accepts links
 */
record LinkEnds(String clusterName, NodeId self, NodeId peer, SocketAddress address) {}
