/**
 * Keeps retained publications in a Hazelcast map: reads, writes, searches, and bounds their number
 * and bytes. The {@code cluster} module makes the store; {@code StoreMaps} configures the map and
 * its indexes.
 */
@NullMarked
package dev.limpet.store.retained;

import org.jspecify.annotations.NullMarked;
