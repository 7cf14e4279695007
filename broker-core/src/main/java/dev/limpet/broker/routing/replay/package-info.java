/**
 * Joins snapshots with live streams: puts retained publications in front of messages published
 * meanwhile, here or at another node that is the home, and draws the line between them ({@code
 * Settling}). {@code routing}, {@code connection.connected} and {@code connection.attachment} call
 * in.
 */
@NullMarked
package dev.limpet.broker.routing.replay;

import org.jspecify.annotations.NullMarked;
