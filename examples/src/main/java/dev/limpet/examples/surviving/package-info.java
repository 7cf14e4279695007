/**
 * How does my client survive the death of a broker node?
 *
 * <p>Uses an ordinary MQTT client and nothing of Limpet's.
 */
@NullMarked
package dev.limpet.examples.surviving;

import org.jspecify.annotations.NullMarked;
