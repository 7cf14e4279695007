/**
 * Joins snapshots with live streams: puts retained publications in front of what is published
 * meanwhile, here or at a home that is another node, and draws the line that tells one from the
 * other ({@code Settling}). {@code routing}, {@code connection.connected} and {@code
 * connection.attachment} call in.
 */
@NullMarked
package dev.limpet.broker.routing.replay;

import org.jspecify.annotations.NullMarked;
