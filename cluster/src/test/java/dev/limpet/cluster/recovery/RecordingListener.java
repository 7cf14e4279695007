package dev.limpet.cluster.recovery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.cluster.audit.NobodyConnected;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes down what the cluster says. Thread-safe. */
final class RecordingListener implements ClusterListener {

  final List<ClientId> indexed = new CopyOnWriteArrayList<>();
  final List<NodeId> left = new CopyOnWriteArrayList<>();
  final List<Boolean> serving = new CopyOnWriteArrayList<>();
  final List<NodeId> recovered = new CopyOnWriteArrayList<>();
  final List<Claim> orphans = new CopyOnWriteArrayList<>();
  final List<Predicate<ClientId>> moved = new CopyOnWriteArrayList<>();

  /** What {@link #onIndex} waits for. */
  volatile CompletionStage<Void> gate = CompletableFuture.completedStage(null);

  boolean movedAway(ClientId clientId) {
    return moved.stream().anyMatch(each -> each.test(clientId));
  }

  @Override
  public void onDeliver(Publication publication, List<SharedFilter> groups) {}

  @Override
  public CompletionStage<Void> onAppend(Publication publication, List<SharedFilter> groups) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> onHandOn(
      Publication publication, SharedFilter group, boolean durable) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Ending> onEvict(Claim old) {
    return CompletableFuture.completedStage(Ending.BROKEN);
  }

  @Override
  public CompletionStage<Set<SharedFilter>> onDeliverAgain(Publication publication) {
    return CompletableFuture.completedStage(Set.of());
  }

  @Override
  public CompletionStage<Long> onSettle() {
    return CompletableFuture.completedStage(0L);
  }

  @Override
  public CompletionStage<Void> onReplay(NodeId host, ReplayStep step) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onWake(Claim reader, long sequence) {}

  @Override
  public CompletionStage<Void> onIndex(Collection<ClientId> clientIds) {
    indexed.addAll(clientIds);
    return gate;
  }

  @Override
  public Optional<ClientView> onInspect(ClientId clientId) {
    return Optional.empty();
  }

  @Override
  public void onIndexedElsewhere(Predicate<ClientId> elsewhere) {
    moved.add(elsewhere);
  }

  @Override
  public void onOrphan(Claim orphan, @Nullable Will will) {
    orphans.add(orphan);
  }

  @Override
  public void onServing(boolean serving) {
    this.serving.add(serving);
  }

  @Override
  public void onNodeLeft(NodeId node) {
    left.add(node);
  }

  @Override
  public void onRecovered(NodeId departed) {
    recovered.add(departed);
  }

  @Override
  public List<Holding> onHoldings(List<Claim> claims) {
    return audited().holdings(claims);
  }

  @Override
  public AuditedBroker audited() {
    return new NobodyConnected(Holding.CONNECTED);
  }
}
