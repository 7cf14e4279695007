/**
 * The strict codec: bytes to packets and back, for MQTT 3.1, 3.1.1 and 5.0.
 *
 * <p>Every byte sequence is either one well-formed packet or an error with its reason code. No
 * session state, no I/O of its own. Only {@code connection} calls in.
 */
@NullMarked
package dev.limpet.broker.connection.codec;

import org.jspecify.annotations.NullMarked;
