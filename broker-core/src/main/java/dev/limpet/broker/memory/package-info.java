/**
 * Measures how much memory is held, and sheds load when it is too much.
 *
 * <p>Sees {@code session} and {@code metrics} only. Drops and refuses nothing itself: it tells
 * {@code QueueBudget}. The composition root has it look; {@code connection.Admission} and the
 * {@code cluster} module ask for its verdict.
 */
@NullMarked
package dev.limpet.broker.memory;

import org.jspecify.annotations.NullMarked;
