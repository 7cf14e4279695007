/**
 * Holds the metrics of all clients together, and the small classes that register meters with
 * Micrometer.
 *
 * <p>Sees {@code mqtt} only. Packages that need counters of their own register them themselves
 * ({@code access}, {@code events}, {@code connection.listener}); the pure packages {@code topic},
 * {@code mqtt} and {@code session} count nothing, their callers do.
 */
@NullMarked
package dev.limpet.broker.metrics;

import org.jspecify.annotations.NullMarked;
