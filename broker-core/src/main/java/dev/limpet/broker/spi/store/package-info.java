/**
 * Defines the ports to state that outlives connections: durable sessions, inboxes and retained
 * publications, with their values. The {@code session-store} module implements them, and {@code
 * solo} on the heap.
 */
@NullMarked
package dev.limpet.broker.spi.store;

import org.jspecify.annotations.NullMarked;
