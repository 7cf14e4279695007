/**
 * MQTT clients that publish, subscribe, fight for ids and leave wills.
 *
 * <p>All of them live on one event loop.
 */
@NullMarked
package dev.limpet.examples.nemesis.load;

import org.jspecify.annotations.NullMarked;
