/**
 * Who holds which client id: one Hazelcast map of claims, changed only by {@code DirectoryStep}s on
 * the partition's own thread, which order the claims of a client id.
 *
 * <p>No session state, no route, no clock of its own (the caller's time travels with each step).
 * {@code recovery} and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.directory;

import org.jspecify.annotations.NullMarked;
