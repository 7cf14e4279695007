package dev.limpet.cluster.config;

import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.lb.FrontendOptions;

/**
 * Bounds the connections of one listener before their CONNECT is read; the defaults and their
 * reasons are those of {@link ListenerOptions} and {@link FrontendOptions}. Immutable.
 *
 * @param connectionsMax for one more, the address with the most loses its oldest; at least 1
 * @param perAddressMax of one address, which loses its oldest beyond; at least 1
 * @param bytesMax sent by them so far; who exceeds it is closed; at least 1, and never less than
 *     the largest CONNECT there may be
 */
public record HandshakeLimits(int connectionsMax, int perAddressMax, long bytesMax) {

  /** Ten addresses have to be silent together to fill all places. */
  static final int PER_ADDRESS_PERCENT = 10;

  public static final HandshakeLimits DEFAULTS =
      new HandshakeLimits(
          FrontendOptions.defaults().handshake().handshakesMax(),
          ListenerOptions.Limits.DEFAULTS.handshakesPerAddressMax(),
          FrontendOptions.defaults().handshake().handshakeBytesMax());
}
