/**
 * Converts bytes to packets and back, strictly, for MQTT 3.1, 3.1.1 and 5.0.
 *
 * <p>Every sequence of bytes is one well-formed packet, the beginning of one, or an error with its
 * reason code. No I/O, and no state but the protocol version and the last topic that was decoded.
 * {@code connection} and its stages call in; the configuration of a node fills in {@code
 * PacketLimits}.
 */
@NullMarked
package dev.limpet.broker.connection.codec;

import org.jspecify.annotations.NullMarked;
