/**
 * Answers to questions that a newcomer asks, one folder for each, kept true by tests.
 *
 * <p>No other module depends on this one.
 */
@NullMarked
package dev.limpet.examples;

import org.jspecify.annotations.NullMarked;
