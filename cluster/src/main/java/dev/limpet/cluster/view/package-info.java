/**
 * Decides whether this node is with the majority of the nodes that were together last, and so may
 * serve clients.
 *
 * <p>Pure rules ({@code View}) and one keeper for each node, which hears of members, asks whether
 * those that are gone are proved dead, and has a thread of its own for that. The root of the
 * cluster makes it and tells the broker.
 */
@NullMarked
package dev.limpet.cluster.view;

import org.jspecify.annotations.NullMarked;
