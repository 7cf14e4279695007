/**
 * The names of Limpet's meters and the small classes that register them with Micrometer.
 *
 * <p>Beside the other packages: sees {@code mqtt} and {@code topic} only. The pure packages {@code
 * topic}, {@code mqtt} and {@code session} do not count; whoever drives them does.
 */
@NullMarked
package dev.limpet.broker.metrics;

import org.jspecify.annotations.NullMarked;
