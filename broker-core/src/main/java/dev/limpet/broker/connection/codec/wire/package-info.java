/**
 * The data types of which all packets are made (integers, strings, UTF-8 as MQTT allows it), and
 * the error for bytes that are no packet. The codec calls in; the stages of a connection throw the
 * error, too.
 */
@NullMarked
package dev.limpet.broker.connection.codec.wire;

import org.jspecify.annotations.NullMarked;
