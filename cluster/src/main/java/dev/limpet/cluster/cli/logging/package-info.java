/**
 * Sets up logging in code, for a node and for a terminal. The only room that knows Logback beside
 * {@code log}. The commands call in.
 */
@NullMarked
package dev.limpet.cluster.cli.logging;

import org.jspecify.annotations.NullMarked;
