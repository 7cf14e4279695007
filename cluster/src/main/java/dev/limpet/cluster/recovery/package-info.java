/**
 * Handles partitions that change owners: the new owner indexes the stored sessions and announces
 * it, the old one stops routing for them, and the claims of dead hosts are released.
 *
 * <p>All of it runs on one housekeeping thread for each node, which may block on Hazelcast; no
 * packet waits for it, except publications for a dead home, which wait until its sessions are
 * indexed again. The root of the cluster calls in.
 */
@NullMarked
package dev.limpet.cluster.recovery;

import org.jspecify.annotations.NullMarked;
