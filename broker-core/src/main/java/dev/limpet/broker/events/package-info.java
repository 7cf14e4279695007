/**
 * The one place that is told what happens to clients: every connect and end, every refusal, drop
 * and takeover. Writes the log's lines, bounded, and counts all.
 *
 * <p>Decides nothing. Everybody calls in; knows nobody.
 */
@NullMarked
package dev.limpet.broker.events;

import org.jspecify.annotations.NullMarked;
