/**
 * Carries writes to the sessions of their partition: gathers them by partition, with one operation
 * in flight, and applies them on the owner and its backup. The session store calls in.
 */
@NullMarked
package dev.limpet.store.partition;

import org.jspecify.annotations.NullMarked;
