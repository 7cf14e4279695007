package dev.limpet.broker.routing.ports;

import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.LocalDelivery;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.delivery.Subscriptions;
import dev.limpet.broker.io.Lanes;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.Stores;
import java.util.function.LongSupplier;

/**
 * Groups the ports routing depends on. Immutable; the composition root makes it once.
 *
 * @param wallMillis the wall clock, in epoch milliseconds
 */
public record RoutingPorts(
    Cluster cluster,
    Stores stores,
    Lanes lanes,
    Subscriptions subscriptions,
    LocalDelivery delivery,
    PublicationIds ids,
    BrokerMetrics metrics,
    LongSupplier wallMillis) {

  public Membership membership() {
    return cluster.membership();
  }

  public PeerLink peers() {
    return cluster.peers();
  }

  public SessionDirectory directory() {
    return cluster.directory();
  }

  public Drops drops() {
    return delivery.drops();
  }

  public SessionStore sessions() {
    return stores.sessions();
  }

  public RetainedStore retained() {
    return stores.retained();
  }

  public LocalSubscriptions localSubscriptions() {
    return subscriptions.local();
  }

  public DurableSubscriptions durableSubscriptions() {
    return subscriptions.durable();
  }
}
