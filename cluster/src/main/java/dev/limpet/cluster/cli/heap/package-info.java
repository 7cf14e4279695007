/**
 * Manages the memory of a node's process: returns heap no longer used after start-up and load, and
 * ends a process whose heap is full, since it serves no client and keeps other nodes from taking
 * its place.
 *
 * <p>Only {@code cli} installs it; a program that embeds a broker keeps its process. On such an end
 * it prints one line, which says why.
 */
@NullMarked
package dev.limpet.cluster.cli.heap;

import org.jspecify.annotations.NullMarked;
