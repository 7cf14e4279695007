/**
 * Which faults come when, computed from a seed.
 *
 * <p>Pure: the same seed gives the same faults.
 */
@NullMarked
package dev.limpet.examples.nemesis.schedule;

import org.jspecify.annotations.NullMarked;
