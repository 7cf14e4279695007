/**
 * Holds the subscriptions of this node, and delivers publications to the sessions here: connected
 * ones ({@code LocalSubscriptions}, {@code LocalDelivery}) and durable ones at home here ({@code
 * DurableSubscriptions}, {@code InboxReader}).
 *
 * <p>Sends nothing to peers; it only advertises the routes that its subscriptions need ({@code
 * RouteUsers}). Knows no packets and no sockets. {@code routing}, {@code connection} and the
 * composition root call in.
 */
@NullMarked
package dev.limpet.broker.delivery;

import org.jspecify.annotations.NullMarked;
