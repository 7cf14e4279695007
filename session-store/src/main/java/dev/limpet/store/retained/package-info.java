/**
 * Retained publications in a Hazelcast map: reading, writing, searching, and the bound of their
 * number and bytes. The {@code cluster} module makes the store; {@code StoreMaps} configures the
 * map and its indexes.
 */
@NullMarked
package dev.limpet.store.retained;

import org.jspecify.annotations.NullMarked;
