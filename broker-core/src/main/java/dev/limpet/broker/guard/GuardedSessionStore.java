package dev.limpet.broker.guard;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.NodeFullException;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Wraps a session store so that it fails in one way only. As thread-safe as its port. */
public final class GuardedSessionStore implements SessionStore {
  private final SessionStore port;
  private final BooleanSupplier memoryIsShort;

  /**
   * @param memoryIsShort whether nothing may be kept any more that publishers can send later
   */
  public GuardedSessionStore(SessionStore port, BooleanSupplier memoryIsShort) {
    this.port = port;
    this.memoryIsShort = memoryIsShort;
  }

  @Override
  public void onAppended(InboxListener listener) {
    port.onAppended(listener);
  }

  @Override
  public boolean isFull() {
    return port.isFull();
  }

  @Override
  public StoreUsage usage() {
    return port.usage();
  }

  @Override
  public CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds) {
    return Guard.stage("SessionStore.open", () -> port.open(claim, cleanStart, expirySeconds));
  }

  @Override
  public CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change) {
    return Guard.stage("SessionStore.subscribe", () -> port.subscribe(claim, change));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, List<InboxTarget> targets) {
    if (memoryIsShort.getAsBoolean()) {
      return CompletableFuture.failedFuture(new NodeFullException("the node's memory is short"));
    }
    if (port.isFull()) {
      return CompletableFuture.failedFuture(new NodeFullException("the node's inboxes are full"));
    }
    return Guard.stage("SessionStore.append", () -> port.append(publication, targets));
  }

  @Override
  public CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained) {
    return Guard.stage("SessionStore.replay", () -> port.replay(clientId, subscription, retained));
  }

  @Override
  public CompletionStage<InboxSlice> read(
      Claim claim, long afterSequence, int messagesMax, int bytesMax) {
    return Guard.stage(
        "SessionStore.read", () -> port.read(claim, afterSequence, messagesMax, bytesMax));
  }

  @Override
  public CompletionStage<Void> acknowledge(Claim claim, Progress progress) {
    return Guard.stage("SessionStore.acknowledge", () -> port.acknowledge(claim, progress));
  }

  @Override
  public CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId) {
    return Guard.stage("SessionStore.receive", () -> port.receive(claim, packetId, publicationId));
  }

  @Override
  public CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds) {
    return Guard.stage("SessionStore.close", () -> port.close(claim, last, expirySeconds));
  }

  @Override
  public CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead) {
    return Guard.stage("SessionStore.reopen", () -> port.reopen(claim, lastRead));
  }

  @Override
  public CompletionStage<Void> closeOrphan(Claim orphan) {
    return Guard.stage("SessionStore.closeOrphan", () -> port.closeOrphan(orphan));
  }

  @Override
  public CompletionStage<Boolean> expire(ClientId clientId, long epoch) {
    return Guard.stage("SessionStore.expire", () -> port.expire(clientId, epoch));
  }

  @Override
  public CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery) {
    return Guard.stage("SessionStore.knowsAny", () -> port.knowsAny(clientIds, delivery));
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return Guard.stage("SessionStore.describe", () -> port.describe(clientIds));
  }
}
