/**
 * Publishes a node's status to its clients under {@code $SYS/broker}, as mosquitto does.
 *
 * <p>Each node publishes its own numbers to its own clients: they are neither routed to peers nor
 * kept in the store that the nodes share, where each node would overwrite the others'. Nothing is
 * counted here; the numbers are those of the metrics. The composition root starts it.
 */
@NullMarked
package dev.limpet.broker.sys;

import org.jspecify.annotations.NullMarked;
