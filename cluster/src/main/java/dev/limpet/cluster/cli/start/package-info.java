/**
 * Speeds up the start of a node: manages the archive of loaded classes beside the executable jar,
 * and the flags by which a JVM uses it.
 *
 * <p>Starts no process itself; {@code cli} does, and is the only caller.
 */
@NullMarked
package dev.limpet.cluster.cli.start;

import org.jspecify.annotations.NullMarked;
