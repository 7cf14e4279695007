/**
 * Receives all events of clients: every connect and end, every refusal, drop and takeover. Counts
 * them all and writes a bounded number of log lines.
 *
 * <p>Decides nothing and knows no other package. Connections, listeners, delivery and the {@code
 * cluster} module call in.
 */
@NullMarked
package dev.limpet.broker.events;

import org.jspecify.annotations.NullMarked;
