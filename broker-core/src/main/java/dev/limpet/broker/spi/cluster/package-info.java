/**
 * Defines the ports to other nodes: membership, directory of claims, routes and peer links, with
 * their values. {@code ClusterListener} is the way back in. The {@code cluster} module implements
 * them, and {@code solo} for a single node.
 */
@NullMarked
package dev.limpet.broker.spi.cluster;

import org.jspecify.annotations.NullMarked;
