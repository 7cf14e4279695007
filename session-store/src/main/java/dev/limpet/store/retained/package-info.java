/**
 * Retained publications in a Hazelcast map: reading, writing, searching, and the bound of their
 * number and bytes. The {@code cluster} module calls in.
 */
@NullMarked
package dev.limpet.store.retained;

import org.jspecify.annotations.NullMarked;
