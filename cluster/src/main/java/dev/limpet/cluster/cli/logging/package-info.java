/**
 * Sets up Logback in code, for a node and for a terminal. Decides where lines go; {@code log}
 * bounds them. {@code cli} calls in.
 */
@NullMarked
package dev.limpet.cluster.cli.logging;

import org.jspecify.annotations.NullMarked;
