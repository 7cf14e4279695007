package dev.limpet.broker.routing;

import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.RetainedReplay;

/**
 * What routing does for the connections of a node. Immutable; made once, by the composition root.
 */
public record RoutingServices(
    Router router, RetainedReplay replay, WillClock wills, LeftShares leftShares) {

  /** The services around a router. */
  public static RoutingServices of(
      RoutingPorts ports, Router router, WillClock wills, LeftShares leftShares) {
    return new RoutingServices(
        router,
        new RetainedReplay(ports, router.inboxReplays(), router.settling()),
        wills,
        leftShares);
  }
}
