/**
 * Which node wants which publications. Each node alone writes its own set of routes into a
 * Hazelcast map, the truth, and then tells its peers what changed; each peer keeps a replica in
 * memory.
 *
 * <p>Knows nodes and filters, never clients. The root of the cluster and {@code recovery} call in.
 */
@NullMarked
package dev.limpet.cluster.routes;

import org.jspecify.annotations.NullMarked;
