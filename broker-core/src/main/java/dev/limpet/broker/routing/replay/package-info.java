/**
 * Joins snapshots with live streams: retained publications in front of what is published meanwhile,
 * here and at a home that is another node, and the line that tells one from the other. The router
 * and {@code connection} call in.
 */
@NullMarked
package dev.limpet.broker.routing.replay;

import org.jspecify.annotations.NullMarked;
