/**
 * Counts what the inboxes of this member take, its own and its copies. Hears of writes through
 * {@code partition.InboxChanges}.
 */
@NullMarked
package dev.limpet.store.count;

import org.jspecify.annotations.NullMarked;
