package dev.limpet.broker.connection.listener;

import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import org.jspecify.annotations.Nullable;

/**
 * Groups the guards of one listener, which replace those of the node. Immutable.
 *
 * @param name under which another node has the same guards, for clients that are brought home from
 *     here; null for the home's own
 * @param authenticator null for the node's
 * @param enhanced null for the node's
 * @param authorizer null for the node's
 */
public record ListenerGuards(
    @Nullable String name,
    @Nullable Authenticator authenticator,
    @Nullable EnhancedAuthenticator enhanced,
    @Nullable Authorizer authorizer) {

  /** The node's. */
  public static final ListenerGuards OF_NODE = new ListenerGuards(null, null, null, null);
}
