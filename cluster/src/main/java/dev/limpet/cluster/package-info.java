/**
 * Several brokers as one: wires all modules into a node, and a node into a cluster.
 *
 * <p>{@code ClusteredBroker} owns the order of starting and stopping, {@code HazelcastCluster}
 * implements the broker's port {@code Cluster} with the packages below, {@code NodeListeners} owns
 * the ports for clients. No MQTT packet is read or written here. Applications and the command line
 * call in.
 */
@NullMarked
package dev.limpet.cluster;

import org.jspecify.annotations.NullMarked;
