/**
 * Gives all nodes of a cluster the same time, whatever their wall clocks show, and tells by how
 * much these differ. Times of expiry that one node writes and another judges are in this time.
 *
 * <p>Knows nodes and the links' port {@code LinkClock}; no map of Hazelcast. The root of the
 * cluster calls in.
 */
@NullMarked
package dev.limpet.cluster.clock;

import org.jspecify.annotations.NullMarked;
