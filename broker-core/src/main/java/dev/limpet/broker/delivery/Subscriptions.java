package dev.limpet.broker.delivery;

import dev.limpet.broker.metrics.BrokerMetrics;

/**
 * Groups the subscriptions of a node. Immutable; its parts are not.
 *
 * @param local by the clients that are connected here
 * @param durable by the sessions that are at home here
 */
public record Subscriptions(LocalSubscriptions local, DurableSubscriptions durable) {

  /** Has them counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.sessions.durable", "Durable sessions whose home is this node", durable::size);
    metrics.gauge(
        "limpet.sessions.offline",
        "Durable sessions whose home is this node and whose client is offline",
        durable::offline);
    metrics.gauge("limpet.subscriptions", "Subscriptions of connected clients", local::size);
    metrics.gauge(
        "limpet.subscriptions.shared",
        "Shared subscriptions of connected clients",
        local::sharedCount);
  }
}
