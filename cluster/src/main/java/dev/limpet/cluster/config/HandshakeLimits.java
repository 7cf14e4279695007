package dev.limpet.cluster.config;

import dev.limpet.lb.FrontendOptions;

/**
 * What the connections of one sticky listener may take together before their home is known; the
 * defaults and their reasons are those of {@link FrontendOptions}. Immutable.
 *
 * @param connectionsMax the newest above it is closed; at least 1
 * @param bytesMax sent by them so far; who exceeds it is closed; at least 1, and never less than
 *     the largest CONNECT there may be
 */
public record HandshakeLimits(int connectionsMax, long bytesMax) {

  public static final HandshakeLimits DEFAULTS =
      new HandshakeLimits(
          FrontendOptions.defaults().handshakesMax(),
          FrontendOptions.defaults().handshakeBytesMax());
}
