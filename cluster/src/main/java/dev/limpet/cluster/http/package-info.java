/**
 * Shows a node to operators and their tools: health, metrics and the HTTP interface.
 *
 * <p>Knows the node only through {@link dev.limpet.cluster.http.NodeView}, so there is nothing of
 * Hazelcast or of the broker's inner packages here, and no request changes a node. {@code status}
 * implements the view, and the command line starts the server.
 */
@NullMarked
package dev.limpet.cluster.http;

import org.jspecify.annotations.NullMarked;
