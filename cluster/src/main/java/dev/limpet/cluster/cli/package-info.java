/**
 * The {@code limpet} command: reads options, files and the environment, and starts nodes.
 *
 * <p>Only this package and those below it print to the terminal or end the process. It adds nothing
 * to a node but that: a program starts the same node through {@code dev.limpet.cluster}. Only the
 * JVM calls in.
 */
@NullMarked
package dev.limpet.cluster.cli;

import org.jspecify.annotations.NullMarked;
