package dev.limpet.broker.spi;

import org.jspecify.annotations.Nullable;

/**
 * Describes where a connection comes from, as far as the network tells. Immutable.
 *
 * @param address of the client; behind a trusted proxy the one that the proxy names
 * @param certificateName common name of the verified client certificate; null without one
 */
public record ClientOrigin(String address, @Nullable String certificateName) {}
