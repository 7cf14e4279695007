/**
 * What a node is told before it starts, and where each setting came from.
 *
 * <p>{@link dev.limpet.cluster.config.OptionKey} is the one table of options: flags, environment
 * variables, keys of the YAML file and their documentation all come from it. {@link
 * dev.limpet.cluster.config.NodeOptions} is the result. Nothing here opens a port or starts a
 * thread. The command line and the root of the cluster call in.
 */
@NullMarked
package dev.limpet.cluster.config;

import org.jspecify.annotations.NullMarked;
