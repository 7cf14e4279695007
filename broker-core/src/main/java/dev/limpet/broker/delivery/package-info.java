/**
 * Lanes, the subscriptions of this node, and the way from a publication to the sessions here.
 *
 * <p>A lane is one event loop with the sessions pinned to it. Nothing here knows of other nodes or
 * of packets on a socket. {@code routing} and {@code connection} call in.
 */
@NullMarked
package dev.limpet.broker.delivery;

import org.jspecify.annotations.NullMarked;
