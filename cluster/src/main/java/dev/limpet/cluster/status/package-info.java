/**
 * Reports a node's state to operators: gathers the data of other packages and other nodes into the
 * {@code NodeView} of the HTTP interface.
 *
 * <p>Reads only, but for the few numbers of its own that each node writes for the others every two
 * seconds. No client waits for it, and it decides nothing. The root of the cluster makes it.
 */
@NullMarked
package dev.limpet.cluster.status;

import org.jspecify.annotations.NullMarked;
