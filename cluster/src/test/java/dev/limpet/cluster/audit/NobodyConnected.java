package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows the audit a broker without clients, which gives one answer about all claims. Immutable. */
public final class NobodyConnected implements AuditedBroker {
  private final Holding answer;

  public NobodyConnected(Holding answer) {
    this.answer = answer;
  }

  @Override
  public List<Connected> connected() {
    return List.of();
  }

  @Override
  public List<Holding> holdings(List<Claim> claims) {
    return claims.stream().map(claim -> answer).toList();
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public Collection<ClientId> indexed() {
    return List.of();
  }

  @Override
  public Optional<SessionImage> indexed(ClientId clientId) {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Boolean> restore(Claim claim) {
    return CompletableFuture.completedStage(false);
  }

  @Override
  public CompletionStage<Boolean> endOutdone(Claim claim) {
    return CompletableFuture.completedStage(false);
  }

  @Override
  public CompletionStage<Boolean> endWithoutSession(Claim claim) {
    return CompletableFuture.completedStage(false);
  }

  @Override
  public CompletionStage<Boolean> reopen(Claim claim) {
    return CompletableFuture.completedStage(false);
  }

  @Override
  public CompletionStage<Long> stuckAt(Claim claim, long lastSequence) {
    return CompletableFuture.completedStage(-1L);
  }

  @Override
  public int alignRoutes() {
    return 0;
  }
}
