/**
 * The words of MQTT as immutable records and enums, the same for every protocol version, and the
 * binary form in which they travel between nodes.
 *
 * <p>Pure: no Vert.x type but {@code Buffer}, no threads, no clock, no I/O. Sees only {@code
 * topic}; every package may call in.
 */
@NullMarked
package dev.limpet.broker.mqtt;

import org.jspecify.annotations.NullMarked;
