package dev.limpet.broker.unbreakable;

import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.concurrent.CompletionStage;

/** A cluster with some of its parts replaced. Immutable. */
public record OtherCluster(Cluster real, RouteTable routes, SessionDirectory directory)
    implements Cluster {

  @Override
  public Membership membership() {
    return real.membership();
  }

  @Override
  public PeerLink peers() {
    return real.peers();
  }

  @Override
  public CompletionStage<Void> start(ClusterListener listener) {
    return real.start(listener);
  }
}
