package dev.limpet.broker.unbreakable;

import dev.limpet.broker.spi.Cluster;
import dev.limpet.broker.spi.ClusterListener;
import dev.limpet.broker.spi.Membership;
import dev.limpet.broker.spi.PeerLink;
import dev.limpet.broker.spi.RouteTable;
import dev.limpet.broker.spi.SessionDirectory;
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
