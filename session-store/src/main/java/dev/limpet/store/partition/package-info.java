/**
 * The way of a write to the sessions of its partition: gathered for each partition, one operation
 * under way, applied on the owner and its backup. The session store calls in.
 */
@NullMarked
package dev.limpet.store.partition;

import org.jspecify.annotations.NullMarked;
