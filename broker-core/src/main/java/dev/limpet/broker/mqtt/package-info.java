/**
 * The words of MQTT as immutable records and enums, the same for every protocol version.
 *
 * <p>Versions of MQTT differ only here and in the codec. Pure: no Vert.x type but {@code Buffer},
 * no threads, no clock, no I/O. Sees only {@code topic}; everybody may call in.
 */
@NullMarked
package dev.limpet.broker.mqtt;

import org.jspecify.annotations.NullMarked;
