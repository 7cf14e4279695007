/**
 * Tracks accepted sockets that have not sent a whole CONNECT yet, in all stages before it. Knows
 * addresses and times, no sockets and no protocol. {@code listener} calls in.
 */
@NullMarked
package dev.limpet.broker.connection.pending;

import org.jspecify.annotations.NullMarked;
