/**
 * Reads the settings of a node before it starts, and remembers where each came from.
 *
 * <p>{@link dev.limpet.cluster.config.OptionKey} is the one table of options: flags, environment
 * variables, keys of the YAML file and their documentation all come from it. {@link
 * dev.limpet.cluster.config.NodeOptions} is the result. Nothing here opens a port or starts a
 * thread. The command line and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.config;

import org.jspecify.annotations.NullMarked;
