/**
 * Compares what the parts of a cluster believe of each other, all the time, and mends what differs:
 * connections with claims, stored sessions and inbox readers; claims and sessions at home with the
 * hosts they name and with what this node routes by; routes with subscriptions.
 *
 * <p>A difference counts when it is seen twice, a moment apart, under the same claim and epoch. All
 * of it runs on the housekeeper; answers come on other threads. The root of the cluster calls in.
 */
@NullMarked
package dev.limpet.cluster.audit;

import org.jspecify.annotations.NullMarked;
