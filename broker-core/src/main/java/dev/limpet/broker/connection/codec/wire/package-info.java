/**
 * The bytes that all packets are made of: integers, strings, UTF-8 as MQTT wants it, and the error
 * for bytes that are no packet. The packets' own readers and writers call in.
 */
@NullMarked
package dev.limpet.broker.connection.codec.wire;

import org.jspecify.annotations.NullMarked;
