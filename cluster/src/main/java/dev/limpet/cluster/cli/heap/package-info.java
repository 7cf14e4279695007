/**
 * What ends a node that has run out of memory: it says so in a line and ends the process, since a
 * JVM without heap serves nobody and keeps others from taking its place.
 *
 * <p>Only the executable installs it ({@code dev.limpet.cluster.cli}); a program that embeds a
 * broker keeps its process. Nothing here prints anything else.
 */
@NullMarked
package dev.limpet.cluster.cli.heap;

import org.jspecify.annotations.NullMarked;
