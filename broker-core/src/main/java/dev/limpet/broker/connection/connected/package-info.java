/**
 * The main stage of a connection: PUBLISH, SUBSCRIBE, acknowledgements and AUTH of a client that
 * has its CONNACK. Also runs the exchange of AUTH packets for {@code connect}.
 *
 * <p>An acknowledgement leaves only when what it promises is true, and in the order of the packets.
 * {@code connect} makes this stage and nobody else calls in.
 */
@NullMarked
package dev.limpet.broker.connection.connected;

import org.jspecify.annotations.NullMarked;
