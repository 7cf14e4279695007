/**
 * Finds out when a part of this node does not go on, first does what heals it, and then has the
 * node ended: a node that is stuck keeps others from taking its place.
 *
 * <p>Judges by ticks in which this process really had CPU, so that a starved node is not taken for
 * a stuck one. Ends no process itself: who wires the node decides what an end is. The root of the
 * cluster makes it.
 */
@NullMarked
package dev.limpet.cluster.watchdog;

import org.jspecify.annotations.NullMarked;
