package dev.limpet.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.lb.Home;
import dev.limpet.lb.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Maps a client id to its home by the partition table. Thread-safe: the cluster is one volatile
 * field, set when this node is ready.
 */
final class HomePlacement implements Placement {

  private volatile @Nullable HazelcastCluster cluster;

  /** From now on there is an answer; null for none any more. */
  void use(@Nullable HazelcastCluster joined) {
    cluster = joined;
  }

  @Override
  public Home place(String clientId) {
    HazelcastCluster joined = cluster;
    if (joined == null) {
      return new Home.Unavailable("this node is not ready");
    }
    NodeId home = joined.membership().homeOf(ClientId.of(clientId));
    if (home.equals(joined.membership().self())) {
      return new Home.Local();
    }
    // A member that does not accept links yet cannot serve clients either.
    if (!joined.transport().isLinked(home)) {
      return new Home.Unavailable("node " + home + " is not ready");
    }
    return joined
        .membership()
        .info(home)
        .<Home>map(info -> new Home.Remote(home.name(), info.relay()))
        .orElseGet(() -> new Home.Unavailable("node " + home + " has left"));
  }
}
