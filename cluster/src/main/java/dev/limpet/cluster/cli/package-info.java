/**
 * The {@code limpet} command: reads options, files and the environment, and starts nodes.
 *
 * <p>The only place that prints to the terminal or ends the process. Everything it can do, a
 * program can do through {@code dev.limpet.cluster}. Nobody calls in but the JVM.
 */
@NullMarked
package dev.limpet.cluster.cli;

import org.jspecify.annotations.NullMarked;
