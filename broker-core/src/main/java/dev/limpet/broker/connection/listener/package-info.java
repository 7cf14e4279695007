/**
 * From an accepted socket to plain MQTT bytes: limits, PROXY header, TLS, WebSocket.
 *
 * <p>Knows no MQTT. Every step is a handler in front of the socket's pipeline, so that whoever
 * stands behind, a connection or a frontend, sees nothing but MQTT. {@code connection} and whoever
 * wires a node call in.
 */
@NullMarked
package dev.limpet.broker.connection.listener;

import org.jspecify.annotations.NullMarked;
