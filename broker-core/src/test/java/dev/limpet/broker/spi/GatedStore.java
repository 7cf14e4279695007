package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls a test may hold up or let fail, by name of the method. Thread-safe. */
public final class GatedStore implements SessionStore {
  private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

  private final SessionStore store;
  private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  public GatedStore(SessionStore store) {
    this.store = store;
  }

  /** Calls of this method wait until the gate that is returned is completed, or fail with it. */
  public CompletableFuture<Void> hold(String method) {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    gates.put(method, gate);
    return gate;
  }

  /** Calls from now on go through at once; those that wait go on waiting. */
  public void release(String method) {
    gates.remove(method);
  }

  /** How often a method was called. */
  public int calls(String method) {
    return calls.computeIfAbsent(method, key -> new AtomicInteger()).get();
  }

  private <T> CompletionStage<T> at(String method, Supplier<CompletionStage<T>> call) {
    calls.computeIfAbsent(method, key -> new AtomicInteger()).incrementAndGet();
    CompletableFuture<Void> gate = gates.getOrDefault(method, OPEN);
    return gate.isDone() && !gate.isCompletedExceptionally()
        ? call.get()
        : gate.thenCompose(open -> call.get());
  }

  @Override
  public void onAppended(InboxListener listener) {
    store.onAppended(listener);
  }

  @Override
  public CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds) {
    return at("open", () -> store.open(claim, cleanStart, expirySeconds));
  }

  @Override
  public CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change) {
    return at("subscribe", () -> store.subscribe(claim, change));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, List<InboxTarget> targets) {
    return at("append", () -> store.append(publication, targets));
  }

  @Override
  public CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained) {
    return at("replay", () -> store.replay(clientId, subscription, retained));
  }

  @Override
  public CompletionStage<InboxSlice> read(
      Claim claim, long afterSequence, int messagesMax, int bytesMax) {
    return at("read", () -> store.read(claim, afterSequence, messagesMax, bytesMax));
  }

  @Override
  public CompletionStage<Void> acknowledge(Claim claim, Progress progress) {
    return at("acknowledge", () -> store.acknowledge(claim, progress));
  }

  @Override
  public CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId) {
    return at("receive", () -> store.receive(claim, packetId, publicationId));
  }

  @Override
  public CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds) {
    return at("close", () -> store.close(claim, last, expirySeconds));
  }

  @Override
  public CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead) {
    return at("reopen", () -> store.reopen(claim, lastRead));
  }

  @Override
  public CompletionStage<Void> closeOrphan(Claim orphan) {
    return at("closeOrphan", () -> store.closeOrphan(orphan));
  }

  @Override
  public CompletionStage<Boolean> expire(ClientId clientId, long epoch) {
    return at("expire", () -> store.expire(clientId, epoch));
  }

  @Override
  public CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery) {
    return at("knowsAny", () -> store.knowsAny(clientIds, delivery));
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return at("describe", () -> store.describe(clientIds));
  }
}
