/**
 * Answers to a newcomer's questions, one folder per question, each kept true by a test.
 *
 * <p>Nothing may depend on this module.
 */
@NullMarked
package dev.limpet.examples;

import org.jspecify.annotations.NullMarked;
