/**
 * Judges a history against the promises.
 *
 * <p>Pure: no clock, no threads, no network.
 */
@NullMarked
package dev.limpet.examples.nemesis.check;

import org.jspecify.annotations.NullMarked;
