/**
 * Broker processes in network namespaces, and the harm done to them.
 *
 * <p>Works with any broker that the properties file describes.
 */
@NullMarked
package dev.limpet.examples.nemesis.nodes;

import org.jspecify.annotations.NullMarked;
