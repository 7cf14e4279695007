package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.connection.Admission;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.SocketPorts;
import dev.limpet.broker.connection.contest.PausedConnects;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.io.Lanes;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.routing.LeftShares;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.RoutingServices;
import dev.limpet.broker.routing.WillClock;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.RetainedReplay;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.function.LongSupplier;

/**
 * Groups the ports all clients of a node share. Immutable; the composition root makes it once.
 * Classes that need only one or two of its parts are given those.
 */
public record ConnectionPorts(
    SocketPorts socket,
    RoutingPorts routing,
    RoutingServices services,
    Attachments attachments,
    HomeNotifier homes,
    BrokerEvents events,
    PausedConnects paused) {

  public ConnectionOptions options() {
    return socket.options();
  }

  public Admission admission() {
    return socket.admission();
  }

  public BrokerMetrics metrics() {
    return socket.metrics();
  }

  public SessionStore sessions() {
    return routing.sessions();
  }

  public SessionDirectory directory() {
    return routing.directory();
  }

  public Membership membership() {
    return routing.membership();
  }

  PeerLink peers() {
    return routing.peers();
  }

  public LocalSubscriptions localSubscriptions() {
    return routing.localSubscriptions();
  }

  public Lanes lanes() {
    return routing.lanes();
  }

  public PublicationIds ids() {
    return routing.ids();
  }

  public LongSupplier wallMillis() {
    return routing.wallMillis();
  }

  public Router router() {
    return services.router();
  }

  public RetainedReplay replay() {
    return services.replay();
  }

  WillClock wills() {
    return services.wills();
  }

  public LeftShares leftShares() {
    return services.leftShares();
  }
}
