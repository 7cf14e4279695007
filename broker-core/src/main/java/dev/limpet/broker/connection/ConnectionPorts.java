package dev.limpet.broker.connection;

import dev.limpet.broker.connection.contest.PausedConnects;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.routing.LeftShares;
import dev.limpet.broker.routing.RetainedReplay;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.RoutingPorts;
import dev.limpet.broker.routing.WillClock;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;

/** What all connections of a node share. Immutable; made once, by the composition root. */
public record ConnectionPorts(
    RoutingPorts routing,
    Router router,
    RetainedReplay replay,
    WillClock wills,
    LeftShares leftShares,
    Attachments attachments,
    Homes homes,
    Authenticator authenticator,
    EnhancedAuthenticator enhanced,
    Authorizer authorizer,
    BrokerEvents events,
    EventLog eventLog,
    PausedConnects paused,
    Admission admission,
    ConnectionOptions options) {

  BrokerMetrics metrics() {
    return routing.metrics();
  }
}
