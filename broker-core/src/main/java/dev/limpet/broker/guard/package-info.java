/**
 * Guards around the ports: what a port throws, or answers with null, is a stage that failed, so
 * that those who call it have one way of failing to think of.
 *
 * <p>Knows {@code spi} and nothing else; only the composition root calls in. A port that never
 * answers is no matter for a guard: who waits sets the bound.
 */
@NullMarked
package dev.limpet.broker.guard;

import org.jspecify.annotations.NullMarked;
