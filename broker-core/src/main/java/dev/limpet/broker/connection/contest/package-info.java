/**
 * Client ids that several clients use at once and take from each other. Pure: knows neither sockets
 * nor threads, and has its clock handed in. {@code connection} calls in.
 */
@NullMarked
package dev.limpet.broker.connection.contest;

import org.jspecify.annotations.NullMarked;
