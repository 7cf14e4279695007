/**
 * Records which connection holds which client id: one Hazelcast map of claims, which only {@code
 * DirectoryStep}s change, on the partition's own thread, so that the claims of one client id have
 * one order.
 *
 * <p>No session state, no route, and no clock of its own: the caller's time travels with each step.
 * {@code recovery}, {@code status} and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.directory;

import org.jspecify.annotations.NullMarked;
