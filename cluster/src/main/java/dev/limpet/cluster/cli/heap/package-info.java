/**
 * The memory of a node's process: gives back what the start and a load have left behind, and ends a
 * process whose heap is full, since a JVM without heap serves nobody and keeps others from taking
 * its place.
 *
 * <p>Only {@code cli} installs it; a program that embeds a broker keeps its process. On such an end
 * it prints one line, which says why.
 */
@NullMarked
package dev.limpet.cluster.cli.heap;

import org.jspecify.annotations.NullMarked;
