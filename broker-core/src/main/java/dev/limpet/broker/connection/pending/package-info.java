/**
 * The sockets that have come and have not yet sent a whole CONNECT, from all stages before it.
 * Knows addresses and times, no sockets and no protocol. {@code listener} calls in.
 */
@NullMarked
package dev.limpet.broker.connection.pending;

import org.jspecify.annotations.NullMarked;
