package dev.limpet.broker.routing;

import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.RetainedReplay;

/**
 * Groups the services of routing for a node's connections. Immutable; the composition root makes it
 * once.
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
