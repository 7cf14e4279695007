/**
 * What happens when partitions change hands: their new owner indexes the stored sessions and says
 * so, the old one stops routing for them, and the claims of dead hosts are released.
 *
 * <p>All of it runs on one housekeeping thread per node, which may block on Hazelcast; nothing here
 * is on the way of a packet. The root of the cluster calls in.
 */
@NullMarked
package dev.limpet.cluster.recovery;

import org.jspecify.annotations.NullMarked;
