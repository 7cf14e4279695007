/**
 * Records which node wants which publications. Only the node itself writes its set of routes into a
 * Hazelcast map, the authoritative copy, and then tells its peers the changes; each peer keeps a
 * replica in memory.
 *
 * <p>Knows nodes and filters, never clients. The root of the cluster and {@code recovery} call in.
 */
@NullMarked
package dev.limpet.cluster.routes;

import org.jspecify.annotations.NullMarked;
