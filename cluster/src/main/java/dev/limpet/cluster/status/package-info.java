/**
 * What a node of the cluster tells operators: it gathers what the other rooms and the other nodes
 * know into the {@code NodeView} of the HTTP interface.
 *
 * <p>Reads only; nothing a client waits for goes through here, and nothing decided here. The root
 * of the cluster makes it.
 */
@NullMarked
package dev.limpet.cluster.status;

import org.jspecify.annotations.NullMarked;
