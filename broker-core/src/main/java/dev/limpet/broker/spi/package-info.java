/**
 * The ports: what a broker needs from its surroundings and cannot decide alone.
 *
 * <p>Interfaces, their values and their contracts; no implementation. One node implements them in
 * {@code solo}, a cluster in the modules {@code session-store} and {@code cluster}. Each port
 * states its thread, whether it may block, how it fails and whether a repeated call is harmless.
 * {@code ClusterListener} is the only door through which a cluster calls into a node.
 */
@NullMarked
package dev.limpet.broker.spi;

import org.jspecify.annotations.NullMarked;
