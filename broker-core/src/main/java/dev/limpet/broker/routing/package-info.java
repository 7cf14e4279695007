/**
 * Routes publications to this node's subscribers, to peers and to inboxes. Also handles wills, the
 * expiry of sessions and the hand-over between members of share groups.
 *
 * <p>Only this package and {@code replay} send publications to peers or append them to inboxes. No
 * sockets and no packets. {@code connection}, {@code sys} and the composition root call in, and the
 * cluster through {@code ClusterEntrance}; upwards this package knows the port {@code
 * ConnectedSessions} only.
 */
@NullMarked
package dev.limpet.broker.routing;

import org.jspecify.annotations.NullMarked;
