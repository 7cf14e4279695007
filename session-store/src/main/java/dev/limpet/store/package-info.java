/**
 * Stores durable sessions, inboxes and retained publications in Hazelcast maps.
 *
 * <p>Implements the store ports of {@code dev.limpet.broker.spi}. The module may use that package,
 * {@code mqtt} and {@code topic} of the broker, and Hazelcast; no sockets, no Vert.x but {@code
 * Buffer}, no membership. The {@code cluster} module calls in. This package has the session store
 * and the configuration of all maps; the packages below do not depend on it.
 */
@NullMarked
package dev.limpet.store;

import org.jspecify.annotations.NullMarked;
