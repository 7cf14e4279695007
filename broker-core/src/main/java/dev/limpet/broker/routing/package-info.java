/**
 * Where a publication goes: to this node's subscribers, to peers, to inboxes.
 *
 * <p>The router is the only class that forwards and appends. Retained messages, shared groups and
 * wills are decided here. No sockets and no packets. {@code connection} and the composition root
 * call in, and a cluster through {@code spi.ClusterListener}.
 */
@NullMarked
package dev.limpet.broker.routing;

import org.jspecify.annotations.NullMarked;
