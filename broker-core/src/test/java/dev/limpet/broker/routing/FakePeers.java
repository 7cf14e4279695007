package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Peers that note what they are told and answer when a test says so. Confined to its test. */
final class FakePeers implements PeerLink {

  private record Append(NodeId home, CompletableFuture<Void> answer) {}

  /** "deliver node payload [groups]" and "append node payload [groups]". */
  final List<String> said = new ArrayList<>();

  private final List<Append> appends = new ArrayList<>();

  /** All appends to this node are safe. */
  void answer(NodeId home) {
    List<Append> answered = appends.stream().filter(each -> each.home().equals(home)).toList();
    appends.removeAll(answered);
    answered.forEach(each -> each.answer().complete(null));
  }

  /** The node left before it answered. */
  void die(NodeId home) {
    fail(home, new PeerGoneException(home));
  }

  /** The node is there and answers that it cannot. */
  void refuse(NodeId home) {
    fail(home, new ClusterUnavailableException("test", null));
  }

  private void fail(NodeId home, RuntimeException failure) {
    List<Append> failed = appends.stream().filter(each -> each.home().equals(home)).toList();
    appends.removeAll(failed);
    failed.forEach(each -> each.answer().completeExceptionally(failure));
  }

  @Override
  public void deliver(NodeId peer, Publication publication, List<SharedFilter> groups) {
    said.add("deliver " + peer + " " + publication.payload() + " " + groups);
  }

  /** What peers answer when they are asked to settle. */
  final Map<NodeId, CompletableFuture<Long>> settled = new HashMap<>();

  @Override
  public CompletionStage<Void> append(
      NodeId home, Publication publication, List<SharedFilter> groups) {
    said.add("append " + home + " " + publication.payload() + " " + groups);
    Append append = new Append(home, new CompletableFuture<>());
    appends.add(append);
    return append.answer();
  }

  @Override
  public CompletionStage<Void> handOn(
      NodeId peer, Publication publication, SharedFilter group, boolean durable) {
    said.add("hand on " + peer + " " + publication.payload() + " " + group + " " + durable);
    Append append = new Append(peer, new CompletableFuture<>());
    appends.add(append);
    return append.answer();
  }

  @Override
  public CompletionStage<Ending> evict(Claim old) {
    return CompletableFuture.completedFuture(Ending.BROKEN);
  }

  /** Share groups of which a member of each peer has had what is routed again. */
  final Map<NodeId, Set<SharedFilter>> had = new HashMap<>();

  @Override
  public CompletionStage<Set<SharedFilter>> deliverAgain(NodeId peer, Publication publication) {
    said.add("deliver again " + peer + " " + publication.payload());
    return CompletableFuture.completedFuture(had.getOrDefault(peer, Set.of()));
  }

  @Override
  public CompletionStage<Long> settle(NodeId peer) {
    said.add("settle " + peer);
    return settled.getOrDefault(peer, CompletableFuture.completedFuture(Long.MAX_VALUE));
  }

  /** What peers make of the steps of replays. */
  BiFunction<NodeId, ReplayStep, CompletionStage<Void>> replays =
      (home, step) -> CompletableFuture.failedFuture(new PeerGoneException(home));

  @Override
  public CompletionStage<Void> replay(NodeId home, ReplayStep step) {
    return replays.apply(home, step);
  }

  @Override
  public void wake(Claim reader, long sequence) {
    said.add("wake " + reader.host() + " " + sequence);
  }

  @Override
  public CompletionStage<Void> index(NodeId home, ClientId clientId) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<List<Holding>> holdings(NodeId host, List<Claim> claims) {
    return CompletableFuture.failedFuture(new PeerGoneException(host));
  }

  @Override
  public CompletionStage<Optional<ClientView>> inspect(NodeId host, ClientId clientId) {
    return CompletableFuture.completedFuture(Optional.empty());
  }
}
