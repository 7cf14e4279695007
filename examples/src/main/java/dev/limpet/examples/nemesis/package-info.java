/**
 * Harms a cluster of broker processes, and checks what its clients saw against what was promised.
 *
 * <p>Runs as a program of its own; nobody calls in.
 */
@NullMarked
package dev.limpet.examples.nemesis;

import org.jspecify.annotations.NullMarked;
