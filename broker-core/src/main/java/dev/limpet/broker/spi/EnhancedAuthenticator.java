package dev.limpet.broker.spi;

import org.jspecify.annotations.Nullable;

/**
 * Decides who may connect by methods that take several messages (MQTT 5.0 section 4.12).
 * Thread-safe.
 */
@FunctionalInterface
public interface EnhancedAuthenticator {

  /** Knows no method. */
  EnhancedAuthenticator NONE = (method, origin) -> null;

  /**
   * Begins an exchange, at CONNECT or to authenticate anew. Called on the client's lane; must not
   * block.
   *
   * @return null for a method it does not know
   */
  @Nullable AuthenticationExchange begin(String method, ClientOrigin origin);
}
