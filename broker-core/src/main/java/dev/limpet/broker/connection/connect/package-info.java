/**
 * Leads a new socket to CONNACK: waits for CONNECT, authenticates, claims, evicts the previous
 * connection, opens the session.
 *
 * <p>Every step comes back to the lane of the socket, has a time limit, and releases its holdings
 * when it fails ({@code ConnectHoldings}). Makes the next stage, {@code Connected}. Only the
 * composition root calls in.
 */
@NullMarked
package dev.limpet.broker.connection.connect;

import org.jspecify.annotations.NullMarked;
