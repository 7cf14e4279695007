/**
 * Turns an accepted socket into plain MQTT bytes: limits, PROXY header, TLS, WebSocket.
 *
 * <p>Each step is a handler at the front of the socket's pipeline, so that a connection or a
 * frontend behind it sees nothing but MQTT. Knows nothing of MQTT but where a packet ends, which
 * WebSocket needs. {@code connect}, the composition root and the {@code cluster} module call in.
 */
@NullMarked
package dev.limpet.broker.connection.listener;

import org.jspecify.annotations.NullMarked;
