/**
 * Counts the usage of this member's inboxes, those it owns and its copies of others. Hears of
 * writes through {@code partition.InboxChanges} and counts anew when partitions have moved. The
 * session store makes it.
 */
@NullMarked
package dev.limpet.store.count;

import org.jspecify.annotations.NullMarked;
