/**
 * Calls Hazelcast for the store: holds its own threads, retries, counters, and the names of its
 * maps. The lowest package of the store, without sessions. The other packages of the store call in,
 * and recovery asks for a map's name.
 */
@NullMarked
package dev.limpet.store.call;

import org.jspecify.annotations.NullMarked;
