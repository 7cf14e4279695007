package dev.limpet.lb;

import io.vertx.core.net.SocketAddress;

/**
 * States where a client must be served, according to {@link Placement} at one moment. Immutable.
 */
public sealed interface Home permits Home.Local, Home.Remote, Home.Unavailable {

  /** This node is the home: the local broker gets the socket. */
  record Local() implements Home {}

  /**
   * Another node is the home: the bytes are relayed to it.
   *
   * @param node name of the home; failures are accounted under it
   * @param relayAddress where the home accepts relayed connections, which start with a PROXY
   *     protocol v2 header
   */
  record Remote(String node, SocketAddress relayAddress) implements Home {}

  /**
   * No node can serve the client right now (no owner, or the owner is recovering). The frontend
   * asks again until {@link FrontendOptions.PlacementOptions#waitMillis()} is over, then closes.
   *
   * @param reason for the log
   */
  record Unavailable(String reason) implements Home {}
}
