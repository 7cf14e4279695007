/**
 * Listeners and connections: from a socket to a session and back.
 *
 * <p>A connection is the only writer of its socket; one handler for each packet type. What a packet
 * means is decided below, in {@code session} and {@code routing}. Only the composition root calls
 * in.
 */
@NullMarked
package dev.limpet.broker.connection;

import org.jspecify.annotations.NullMarked;
