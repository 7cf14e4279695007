/**
 * Connects nodes directly. Each node keeps one TCP connection to each peer for its frames; they
 * arrive in order, and each is handled once, even if the connection breaks in between.
 *
 * <p>Knows nodes, frames and the broker's port {@code PeerLink}; no map of Hazelcast, and not the
 * meaning of routes or partitions, whose frames it carries for {@code routes} and {@code recovery}.
 * These and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.peer;

import org.jspecify.annotations.NullMarked;
