/**
 * Writes and questions to one durable session, and the binary forms of them and of the session.
 * They run where the session is. No Hazelcast maps and no threads here; {@code partition} and the
 * session store call in.
 */
@NullMarked
package dev.limpet.store.write;

import org.jspecify.annotations.NullMarked;
