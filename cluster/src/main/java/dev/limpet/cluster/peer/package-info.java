/**
 * What nodes say to each other directly: one TCP connection to each peer that carries frames in
 * order, each handled once, also when the connection breaks in between.
 *
 * <p>Knows nodes, frames and the broker's port {@code PeerLink}; no map of Hazelcast and no meaning
 * of routes or partitions, whose frames it carries for {@code routes} and {@code recovery}. These
 * and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.peer;

import org.jspecify.annotations.NullMarked;
