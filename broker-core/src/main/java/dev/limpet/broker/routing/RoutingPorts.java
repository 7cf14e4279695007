package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.Lanes;
import dev.limpet.broker.delivery.LocalDelivery;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.spi.Cluster;
import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.SessionStore;
import java.util.function.LongSupplier;

/** What routing stands on. Immutable; made once, by the composition root. */
public record RoutingPorts(
    Cluster cluster,
    SessionStore sessions,
    RetainedStore retained,
    Lanes lanes,
    LocalSubscriptions localSubscriptions,
    DurableSubscriptions durableSubscriptions,
    LocalDelivery delivery,
    PublicationIds ids,
    BrokerMetrics metrics,
    LongSupplier wallMillis,
    ShareStrategy shareStrategy) {}
