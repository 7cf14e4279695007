/**
 * Reads and writes the data types of all packets (integers, strings, UTF-8 as MQTT allows it), and
 * defines the error for invalid packets. The codec calls in; the stages of a connection throw the
 * error, too.
 */
@NullMarked
package dev.limpet.broker.connection.codec.wire;

import org.jspecify.annotations.NullMarked;
