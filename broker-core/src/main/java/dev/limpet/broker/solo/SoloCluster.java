package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Stands for a cluster of one node: home of every client, without peers. Thread-safe. */
public final class SoloCluster implements Cluster {
  private final NodeId self;
  private final SessionDirectory directory;
  private final PeerLink peers = new NoPeers();

  /**
   * @param self the only node
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public SoloCluster(NodeId self, LongSupplier wallMillis) {
    this.self = self;
    this.directory = new HeapSessionDirectory(self, wallMillis);
  }

  @Override
  public Membership membership() {
    return new Alone(self);
  }

  @Override
  public RouteTable routes() {
    return NoRoutes.INSTANCE;
  }

  @Override
  public SessionDirectory directory() {
    return directory;
  }

  @Override
  public PeerLink peers() {
    return peers;
  }

  /** Done at once; the listener is never called, as there is no peer who could ask. */
  @Override
  public CompletionStage<Void> start(ClusterListener listener) {
    return completedFuture(null);
  }

  private record Alone(NodeId self) implements Membership {
    @Override
    public Set<NodeId> nodes() {
      return Set.of(self);
    }

    @Override
    public boolean isLive(NodeId node) {
      return self.equals(node);
    }

    @Override
    public boolean isServing() {
      return true;
    }

    @Override
    public boolean areHomesMoving() {
      return false;
    }

    @Override
    public boolean isConfirmed() {
      return true;
    }

    @Override
    public NodeId homeOf(ClientId clientId) {
      return self;
    }
  }

  /** Knows no peer's routes, and has no peer to tell its own. */
  private enum NoRoutes implements RouteTable {
    INSTANCE;

    @Override
    public CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind, int weight) {
      return completedFuture(null);
    }

    @Override
    public CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind, int weight) {
      return completedFuture(null);
    }

    @Override
    public Collection<Route> own() {
      return List.of();
    }

    @Override
    public boolean isOwn(SharedFilter filter, RouteKind kind, int weight) {
      return false;
    }

    @Override
    public void match(TopicName topic, Consumer<? super Route> visitor) {}

    @Override
    public long version() {
      return 0;
    }
  }
}
