/**
 * How the store calls Hazelcast: its own threads, repeated calls, counters, and the names of its
 * maps. The lowest room of the store; no sessions here.
 */
@NullMarked
package dev.limpet.store.call;

import org.jspecify.annotations.NullMarked;
