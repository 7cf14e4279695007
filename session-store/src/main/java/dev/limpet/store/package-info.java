/**
 * Durable sessions, inboxes and retained messages on Hazelcast maps.
 *
 * <p>Implements the store ports of {@code dev.limpet.broker.spi}. May use that package, {@code
 * mqtt} and {@code topic} of the broker, and Hazelcast; no sockets, no Vert.x beyond {@code
 * Buffer}, no membership. The {@code cluster} module calls in. This room has the session store and
 * what configures a member; the rooms below do not know it.
 */
@NullMarked
package dev.limpet.store;

import org.jspecify.annotations.NullMarked;
