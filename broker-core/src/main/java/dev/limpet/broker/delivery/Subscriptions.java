package dev.limpet.broker.delivery;

import dev.limpet.broker.metrics.BrokerMetrics;

/**
 * What is subscribed to at a node. Immutable; its parts are not.
 *
 * @param local by the clients that are connected here
 * @param durable by the sessions that are at home here
 */
public record Subscriptions(LocalSubscriptions local, DurableSubscriptions durable) {

  /** Has them counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge("limpet.sessions.durable", "durable sessions at home here", durable::size);
    metrics.gauge(
        "limpet.sessions.offline", "durable sessions at home without client", durable::offline);
    metrics.gauge("limpet.subscriptions", "subscriptions of connected clients", local::size);
    metrics.gauge("limpet.subscriptions.shared", "shared ones of them", local::sharedCount);
  }
}
