/**
 * Defines the ports through which a broker asks its surroundings. This package has those that
 * applications implement, and types all ports share; {@code cluster} and {@code store} have the
 * others.
 *
 * <p>Interfaces and values, no implementation of a port; only {@code durable} holds rules, which
 * all stores share. {@code solo} implements the ports for one node, {@code access} decides from
 * files, and the modules {@code session-store} and {@code cluster} implement the rest. {@code
 * cluster.ClusterListener} is the only way by which a cluster calls into a node.
 */
@NullMarked
package dev.limpet.broker.spi;

import org.jspecify.annotations.NullMarked;
