/**
 * Handles the main stage of a connection: PUBLISH, SUBSCRIBE, acknowledgements and AUTH of a client
 * that has its CONNACK. Also runs the exchange of AUTH packets for {@code connect}.
 *
 * <p>Acknowledgements leave only when their promise holds, and in packet order. {@code connect}
 * makes this stage; no other package calls in.
 */
@NullMarked
package dev.limpet.broker.connection.connected;

import org.jspecify.annotations.NullMarked;
