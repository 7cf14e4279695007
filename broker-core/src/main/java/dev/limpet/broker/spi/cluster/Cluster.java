package dev.limpet.broker.spi.cluster;

import java.util.concurrent.CompletionStage;

/** Groups everything a broker shares with its peers. A single node has one too, without peers. */
public interface Cluster {

  Membership membership();

  RouteTable routes();

  SessionDirectory directory();

  PeerLink peers();

  /**
   * Starts: from now on the cluster calls {@code listener}. Called once, before the first client is
   * admitted.
   *
   * @return done when this node may admit clients
   */
  CompletionStage<Void> start(ClusterListener listener);
}
