package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps {@link DurableSubscriptions} equal to the store. One read is in flight at a time and the
 * next takes all ids requested meanwhile, so that a later image never loses to an earlier one and a
 * storm of connects costs few reads.
 *
 * <p>Thread-safe. The sessions of the node bound the waiting changes.
 */
public final class HomeIndex {
  /** A read that never ended would hold back all that follow; far above a store's usual time. */
  private static final long READ_MILLIS_MAX = 60_000;

  private final SessionStore store;
  private final long readMillisMax;
  private final DurableSubscriptions subscriptions;
  private final Consumer<SessionImage> onIndexed;
  private Set<ClientId> waiting = new HashSet<>();
  private CompletableFuture<Void> waitingDone = new CompletableFuture<>();
  private boolean reading;

  /**
   * @param onIndexed called for each session found, after its subscriptions take effect
   */
  public HomeIndex(
      SessionStore store, DurableSubscriptions subscriptions, Consumer<SessionImage> onIndexed) {
    this(store, subscriptions, onIndexed, READ_MILLIS_MAX);
  }

  HomeIndex(
      SessionStore store,
      DurableSubscriptions subscriptions,
      Consumer<SessionImage> onIndexed,
      long readMillisMax) {
    this.store = store;
    this.readMillisMax = readMillisMax;
    this.subscriptions = subscriptions;
    this.onIndexed = onIndexed;
  }

  /**
   * Reads these sessions again.
   *
   * @return done when every live peer has their routes
   */
  public CompletionStage<Void> index(Collection<ClientId> clientIds) {
    if (clientIds.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done;
    synchronized (this) {
      waiting.addAll(clientIds);
      done = waitingDone;
    }
    readNext();
    return done;
  }

  private void readNext() {
    Set<ClientId> ids;
    CompletableFuture<Void> done;
    synchronized (this) {
      if (reading || waiting.isEmpty()) {
        return;
      }
      reading = true;
      ids = waiting;
      done = waitingDone;
      waiting = new HashSet<>();
      waitingDone = new CompletableFuture<>();
    }
    var unused =
        store
            .describe(ids)
            .toCompletableFuture()
            .copy()
            .orTimeout(readMillisMax, TimeUnit.MILLISECONDS)
            .whenComplete(
                (images, failure) -> {
                  try {
                    if (failure == null) {
                      apply(ids, images, done);
                    } else {
                      done.completeExceptionally(failure);
                    }
                  } catch (RuntimeException e) {
                    done.completeExceptionally(e); // and the next read proceeds
                  } finally {
                    finishReading();
                  }
                });
  }

  /**
   * Applies the result of a read; the next read may begin once it is applied, before it is
   * advertised.
   */
  private void apply(Set<ClientId> ids, List<SessionImage> images, CompletableFuture<Void> done) {
    List<CompletableFuture<Void>> advertised = new ArrayList<>();
    Set<ClientId> gone = new HashSet<>(ids);
    for (SessionImage image : images) {
      gone.remove(image.clientId());
      advertised.add(subscriptions.refresh(image).toCompletableFuture());
      onIndexed.accept(image);
    }
    gone.forEach(subscriptions::forget);
    var unused =
        Stages.all(advertised)
            .whenComplete(
                (nothing, failure) -> {
                  Stages.complete(done, null, failure);
                });
  }

  private void finishReading() {
    synchronized (this) {
      reading = false;
    }
    readNext();
  }
}
