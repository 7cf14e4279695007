/**
 * How does my client survive the death of a broker node?
 *
 * <p>Uses an ordinary MQTT client and no class of Limpet.
 */
@NullMarked
package dev.limpet.examples.surviving;

import org.jspecify.annotations.NullMarked;
