package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose reads and progress writes happen, and are answered, when a test says so. Confined
 * to its test.
 */
final class LateStore implements SessionStore {

  /** A call that is on its way there, or its answer on the way back. */
  private static final class Call<T> {
    private final Supplier<CompletionStage<T>> work;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private CompletionStage<T> done;

    Call(Supplier<CompletionStage<T>> work) {
      this.work = work;
    }

    /** One step on; true after the last. */
    boolean advance() {
      if (done == null) {
        done = work.get();
        return false;
      }
      var unused =
          done.whenComplete(
              (result, failure) -> {
                if (failure == null) {
                  answer.complete(result);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
      return true;
    }
  }

  private final SessionStore store;
  private final List<Call<?>> calls = new ArrayList<>();

  LateStore(SessionStore store) {
    this.store = store;
  }

  /** Moves one of the calls under way; false when there is none. */
  boolean advance(Random random) {
    if (calls.isEmpty()) {
      return false;
    }
    int at = random.nextInt(calls.size());
    if (calls.get(at).advance()) {
      calls.remove(at);
    }
    return true;
  }

  void finishAll() {
    while (!calls.isEmpty()) {
      Call<?> call = calls.remove(0);
      while (!call.advance()) {
        continue;
      }
    }
  }

  private <T> CompletionStage<T> late(Supplier<CompletionStage<T>> work) {
    Call<T> call = new Call<>(work);
    calls.add(call);
    return call.answer;
  }

  @Override
  public CompletionStage<InboxSlice> read(
      Claim claim, long afterSequence, int messagesMax, int bytesMax) {
    return late(() -> store.read(claim, afterSequence, messagesMax, bytesMax));
  }

  @Override
  public CompletionStage<Void> acknowledge(Claim claim, Progress progress) {
    return late(() -> store.acknowledge(claim, progress));
  }

  @Override
  public void onAppended(InboxListener listener) {
    store.onAppended(listener);
  }

  @Override
  public CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds) {
    return store.open(claim, cleanStart, expirySeconds);
  }

  @Override
  public CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change) {
    return store.subscribe(claim, change);
  }

  @Override
  public CompletionStage<Void> append(Publication publication, List<InboxTarget> targets) {
    return store.append(publication, targets);
  }

  @Override
  public CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained) {
    return store.replay(clientId, subscription, retained);
  }

  @Override
  public CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId) {
    return store.receive(claim, packetId, publicationId);
  }

  @Override
  public CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds) {
    return store.close(claim, last, expirySeconds);
  }

  @Override
  public CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead) {
    return store.reopen(claim, lastRead);
  }

  @Override
  public CompletionStage<Void> closeOrphan(Claim orphan) {
    return store.closeOrphan(orphan);
  }

  @Override
  public CompletionStage<Boolean> expire(ClientId clientId, long epoch) {
    return store.expire(clientId, epoch);
  }

  @Override
  public CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery) {
    return store.knowsAny(clientIds, delivery);
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return store.describe(clientIds);
  }
}
