/**
 * How the store calls Hazelcast: its own threads, repeated calls, counters, and the names of its
 * maps. The lowest package of the store; no sessions here. The other packages of the store call in,
 * and recovery asks for a map's name.
 */
@NullMarked
package dev.limpet.store.call;

import org.jspecify.annotations.NullMarked;
