/**
 * How much memory is held, and what the node does without when that is too much.
 *
 * <p>Beside the other packages: sees {@code session} and {@code metrics} only. The root drives it,
 * and {@code connection} asks whether it may let a client in.
 */
@NullMarked
package dev.limpet.broker.memory;

import org.jspecify.annotations.NullMarked;
