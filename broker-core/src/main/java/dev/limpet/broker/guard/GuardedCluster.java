package dev.limpet.broker.guard;

import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.concurrent.CompletionStage;

/**
 * Wraps a cluster so that its directory and routes fail in one way only. As thread-safe as its
 * port.
 */
public final class GuardedCluster implements Cluster {
  private final Cluster port;
  private final SessionDirectory directory;
  private final RouteTable routes;

  public GuardedCluster(Cluster port) {
    this.port = port;
    this.directory = new GuardedDirectory(port.directory());
    this.routes = new GuardedRoutes(port.routes());
  }

  @Override
  public Membership membership() {
    return port.membership();
  }

  @Override
  public RouteTable routes() {
    return routes;
  }

  @Override
  public SessionDirectory directory() {
    return directory;
  }

  @Override
  public PeerLink peers() {
    return port.peers();
  }

  @Override
  public CompletionStage<Void> start(ClusterListener listener) {
    return port.start(listener);
  }
}
