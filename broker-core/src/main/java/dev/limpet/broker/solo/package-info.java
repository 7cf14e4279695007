/**
 * Implements the ports of {@code spi} for a single broker: everything on the heap of this process.
 *
 * <p>Complete, not a mock: an embedded broker runs on it, and tests use it as their double. Sees
 * {@code spi}, {@code mqtt} and {@code topic}. The composition root calls in, and {@code sys} keeps
 * {@code $SYS} in its retained store.
 */
@NullMarked
package dev.limpet.broker.solo;

import org.jspecify.annotations.NullMarked;
