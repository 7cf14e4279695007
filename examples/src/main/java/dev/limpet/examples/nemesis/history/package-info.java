/**
 * What clients and harness saw, as a file of lines.
 *
 * <p>The lowest room: knows neither brokers nor faults.
 */
@NullMarked
package dev.limpet.examples.nemesis.history;

import org.jspecify.annotations.NullMarked;
