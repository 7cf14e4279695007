package dev.limpet.broker.connection;

import dev.limpet.broker.connection.contest.PausedConnects;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.routing.LeftShares;
import dev.limpet.broker.routing.RetainedReplay;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.RoutingPorts;
import dev.limpet.broker.routing.RoutingServices;
import dev.limpet.broker.routing.WillClock;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Membership;
import dev.limpet.broker.spi.SessionDirectory;
import dev.limpet.broker.spi.SessionStore;

/**
 * What all clients of a node share. Immutable; made once, by the composition root. Who needs no
 * more than one or two of its parts is given those.
 */
public record ConnectionPorts(
    SocketPorts socket,
    RoutingPorts routing,
    RoutingServices services,
    Attachments attachments,
    Homes homes,
    BrokerEvents events,
    PausedConnects paused) {

  ConnectionOptions options() {
    return socket.options();
  }

  Admission admission() {
    return socket.admission();
  }

  BrokerMetrics metrics() {
    return socket.metrics();
  }

  SessionStore sessions() {
    return routing.sessions();
  }

  SessionDirectory directory() {
    return routing.cluster().directory();
  }

  Membership membership() {
    return routing.cluster().membership();
  }

  Router router() {
    return services.router();
  }

  RetainedReplay replay() {
    return services.replay();
  }

  WillClock wills() {
    return services.wills();
  }

  LeftShares leftShares() {
    return services.leftShares();
  }
}
