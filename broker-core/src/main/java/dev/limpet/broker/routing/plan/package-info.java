/**
 * Computes the destinations of a topic, and caches them until a subscription or a route changes.
 * Sends nothing. {@code routing} calls in.
 */
@NullMarked
package dev.limpet.broker.routing.plan;

import org.jspecify.annotations.NullMarked;
