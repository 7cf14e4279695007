/**
 * The sockets that have come and have not yet sent a whole CONNECT, of all stages before it. Knows
 * addresses and times, no sockets and no protocol. The listeners call in.
 */
@NullMarked
package dev.limpet.broker.connection.pending;

import org.jspecify.annotations.NullMarked;
