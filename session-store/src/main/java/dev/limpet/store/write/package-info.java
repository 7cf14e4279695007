/**
 * Defines the writes to and queries of one durable session, and the binary forms of them and of the
 * session.
 *
 * <p>They run where the session is, on the thread of its partition, by the rules of {@code
 * spi.durable}. Opens no map and starts no thread; {@code partition} and the session store call in.
 */
@NullMarked
package dev.limpet.store.write;

import org.jspecify.annotations.NullMarked;
