/**
 * The only room that touches Netty's event loops and sockets beyond its public API: lanes,
 * accepting, reading into shared buffers, sending past the queue of writes, and the bound of what
 * sockets have not taken. Knows no packets and no sessions. {@code delivery} and the rooms above it
 * call in.
 */
@NullMarked
package dev.limpet.broker.io;

import org.jspecify.annotations.NullMarked;
