/**
 * Tracks client ids that several clients use at once and take from each other, and the CONNECTs
 * that wait because of it. Bounded in number and bytes.
 *
 * <p>Knows neither sockets nor threads, and is handed its clock. {@code connect}, {@code
 * attachment} and the composition root call in.
 */
@NullMarked
package dev.limpet.broker.connection.contest;

import org.jspecify.annotations.NullMarked;
