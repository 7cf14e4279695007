/**
 * Coverage-guided fuzzing: what runs the targets of all modules.
 *
 * <p>A target is a class with {@code fuzzerTestOneInput(byte[])} and {@code seeds()}; it stands in
 * the package whose secrets it needs. Nothing here knows a target.
 */
@NullMarked
package dev.limpet.broker.fuzz;

import org.jspecify.annotations.NullMarked;
