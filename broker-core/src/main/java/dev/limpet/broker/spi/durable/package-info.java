/**
 * Defines a durable session and how each write of {@code SessionStore} changes it.
 *
 * <p>Every store uses these rules, so that a session on the heap and one in the cluster cannot
 * differ: a store adds only where the state lives and who may touch it when. Pure: no threads, no
 * clock (callers pass the time), no randomness; the same calls lead to the same state on a backup.
 */
@NullMarked
package dev.limpet.broker.spi.durable;

import org.jspecify.annotations.NullMarked;
