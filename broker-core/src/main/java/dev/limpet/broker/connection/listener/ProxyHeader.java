package dev.limpet.broker.connection.listener;

import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Holds the content of a PROXY header. Immutable.
 *
 * @param source the client's address; null when the sender speaks for itself or does not know
 * @param certificateName of a client certificate the sender has verified; null without one
 * @param guardsName of the listener the client came to; null for the node's guards
 */
record ProxyHeader(
    @Nullable SocketAddress source, @Nullable String certificateName, @Nullable String guardsName) {
  static final ProxyHeader UNKNOWN = new ProxyHeader(null, null, null);
}
