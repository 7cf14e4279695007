package dev.limpet.broker.routing;

/**
 * What routing does for the connections of a node. Immutable; made once, by the composition root.
 */
public record RoutingServices(
    Router router, RetainedReplay replay, WillClock wills, LeftShares leftShares) {}
