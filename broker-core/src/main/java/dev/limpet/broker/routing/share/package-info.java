/**
 * Tracks the members of share groups, and whose turn it is. Sends nothing. {@code routing} and
 * {@code routing.plan} call in; options name the {@code ShareStrategy}.
 */
@NullMarked
package dev.limpet.broker.routing.share;

import org.jspecify.annotations.NullMarked;
