package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Stands in for peers on a single node: every peer named is gone. Stateless. */
final class NoPeers implements PeerLink {

  /** Drops the publication: there is no peer. */
  @Override
  public void deliver(NodeId peer, Publication publication, List<SharedFilter> groups) {}

  @Override
  public CompletionStage<Void> append(
      NodeId home, Publication publication, List<SharedFilter> groups) {
    return failedFuture(new PeerGoneException(home));
  }

  @Override
  public CompletionStage<Void> handOn(
      NodeId peer, Publication publication, SharedFilter group, boolean durable) {
    return failedFuture(new PeerGoneException(peer));
  }

  @Override
  public CompletionStage<Ending> evict(Claim old) {
    return failedFuture(new PeerGoneException(old.host()));
  }

  @Override
  public CompletionStage<Set<SharedFilter>> deliverAgain(NodeId peer, Publication publication) {
    return failedFuture(new PeerGoneException(peer));
  }

  @Override
  public CompletionStage<Long> settle(NodeId peer) {
    return failedFuture(new PeerGoneException(peer));
  }

  @Override
  public CompletionStage<Void> replay(NodeId home, ReplayStep step) {
    return failedFuture(new PeerGoneException(home));
  }

  /** Drops the hint: there is no peer. */
  @Override
  public void wake(Claim reader, long sequence) {}

  @Override
  public CompletionStage<Void> index(NodeId home, ClientId clientId) {
    return failedFuture(new PeerGoneException(home));
  }

  @Override
  public CompletionStage<List<Holding>> holdings(NodeId host, List<Claim> claims) {
    return failedFuture(new PeerGoneException(host));
  }

  @Override
  public CompletionStage<Optional<ClientView>> inspect(NodeId host, ClientId clientId) {
    return failedFuture(new PeerGoneException(host));
  }
}
