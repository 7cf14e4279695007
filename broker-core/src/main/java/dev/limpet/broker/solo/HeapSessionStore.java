package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.AppendResult;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.InboxTally;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.durable.StoredPublication;
import dev.limpet.broker.spi.durable.StoredSlice;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps durable sessions on the heap: they outlive connections, but not the process.
 *
 * <p>Thread-safe: client ids are spread over stripes, and the lock of its stripe guards a session.
 * Every stage is complete when it is returned, and the inbox listener is called under that lock.
 */
public final class HeapSessionStore implements SessionStore {
  /** A power of two, far above the number of cores. */
  private static final int STRIPES = 64;

  private static final InboxListener NOBODY = (clientId, entry) -> {};

  private final List<Map<ClientId, DurableSession>> stripes;
  private final LongAdder overflowDropped = new LongAdder();
  private final InboxLimits limits;
  private final InboxTally tally;
  private final LongSupplier wallMillis;
  private volatile InboxListener listener = NOBODY;

  /**
   * @param limits of each inbox
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public HeapSessionStore(InboxLimits limits, LongSupplier wallMillis) {
    this(limits, InboxTally.unlimited(), wallMillis);
  }

  /**
   * @param tally bounds all inboxes together
   */
  public HeapSessionStore(InboxLimits limits, InboxTally tally, LongSupplier wallMillis) {
    this.stripes =
        Stream.<Map<ClientId, DurableSession>>generate(HashMap::new).limit(STRIPES).toList();
    this.limits = limits;
    this.tally = tally;
    this.wallMillis = wallMillis;
  }

  /** How many deliveries found their inbox full and were dropped. */
  public long overflowDropped() {
    return overflowDropped.sum();
  }

  @Override
  public void onAppended(InboxListener newListener) {
    listener = newListener;
  }

  @Override
  public CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds) {
    long nowMillis = wallMillis.getAsLong();
    return unlessFenced(
        claim,
        at(claim.clientId(), cell -> cell.open(claim, cleanStart, expirySeconds, nowMillis)));
  }

  @Override
  public CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change) {
    return write(claim, cell -> cell.subscribe(claim.epoch(), change));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, List<InboxTarget> targets) {
    long nowMillis = wallMillis.getAsLong();
    if (tally.isFull()) {
      overflowDropped.add(targets.size());
      targets.forEach(each -> listener.dropped(each.clientId(), each.delivery()));
      return completedFuture(null);
    }
    StoredPublication stored = StoredPublication.of(publication);
    for (InboxTarget target : targets) {
      StoredDelivery delivery = StoredDelivery.of(target.delivery(), stored, targets.size());
      append(
          target.clientId(), target.delivery(), cell -> cell.append(delivery, limits, nowMillis));
    }
    return completedFuture(null);
  }

  @Override
  public CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained) {
    long nowMillis = wallMillis.getAsLong();
    if (tally.isFullForReplays()) {
      overflowDropped.add(retained.size());
      retained.forEach(each -> listener.dropped(clientId, each));
      return completedFuture(null);
    }
    for (Delivery each : retained) {
      StoredDelivery stored = StoredDelivery.of(each);
      append(clientId, each, cell -> cell.replay(stored, subscription, limits, nowMillis));
    }
    return completedFuture(null);
  }

  private void append(ClientId clientId, Delivery delivery, Function<SessionCell, Long> change) {
    // The listener hears of one inbox in order, so it is told before the lock is given up.
    synchronized (stripe(clientId)) {
      long result = at(clientId, change);
      if (result == AppendResult.OVERFLOW) {
        overflowDropped.increment();
        listener.dropped(clientId, delivery);
      } else if (result > 0) {
        listener.appended(clientId, new InboxEntry(result, delivery));
      }
    }
  }

  @Override
  public CompletionStage<InboxSlice> read(
      Claim claim, long afterSequence, int messagesMax, int bytesMax) {
    return unlessFenced(
        claim,
        at(
            claim.clientId(),
            cell ->
                cell.read(claim.epoch(), afterSequence, messagesMax, bytesMax)
                    .map(StoredSlice::slice)));
  }

  @Override
  public CompletionStage<Void> acknowledge(Claim claim, Progress progress) {
    return write(claim, cell -> cell.acknowledge(claim.epoch(), progress));
  }

  @Override
  public CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId) {
    return write(claim, cell -> cell.receive(claim.epoch(), packetId, publicationId));
  }

  @Override
  public CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds) {
    long nowMillis = wallMillis.getAsLong();
    return write(claim, cell -> cell.close(claim.epoch(), last, expirySeconds, nowMillis));
  }

  @Override
  public CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead) {
    return write(claim, cell -> cell.reopen(claim, lastRead));
  }

  @Override
  public CompletionStage<Void> closeOrphan(Claim orphan) {
    long nowMillis = wallMillis.getAsLong();
    return write(
        orphan,
        cell -> {
          cell.closeOrphan(orphan, nowMillis);
          return true;
        });
  }

  @Override
  public CompletionStage<Boolean> expire(ClientId clientId, long epoch) {
    long nowMillis = wallMillis.getAsLong();
    return completedFuture(at(clientId, cell -> cell.expire(epoch, nowMillis)));
  }

  @Override
  public CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery) {
    return completedFuture(clientIds.stream().anyMatch(id -> at(id, cell -> cell.knows(delivery))));
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return completedFuture(
        clientIds.stream()
            .map(id -> at(id, cell -> cell.describe(id)))
            .flatMap(Optional::stream)
            .toList());
  }

  @Override
  public boolean isFull() {
    return tally.isFull();
  }

  @Override
  public StoreUsage usage() {
    return tally.usage();
  }

  private CompletionStage<Void> write(Claim claim, Function<SessionCell, Boolean> change) {
    return at(claim.clientId(), change)
        ? completedFuture(null)
        : failedFuture(new FencedException(claim.clientId(), claim.epoch()));
  }

  private static <T> CompletionStage<T> unlessFenced(Claim claim, Optional<T> answer) {
    return answer.isPresent()
        ? completedFuture(answer.get())
        : failedFuture(new FencedException(claim.clientId(), claim.epoch()));
  }

  /** Runs {@code work} on the cell of a client id, alone. */
  private <T> T at(ClientId clientId, Function<SessionCell, T> work) {
    Map<ClientId, DurableSession> stripe = stripe(clientId);
    synchronized (stripe) {
      DurableSession before = stripe.get(clientId);
      long messages = before == null ? 0 : before.inboxMessages();
      long bytes = before == null ? 0 : before.heapBytes();
      SessionCell cell = new SessionCell(before);
      T answer = work.apply(cell);
      DurableSession session = cell.session();
      tally.add(
          (session == null ? 0 : session.inboxMessages()) - messages,
          (session == null ? 0 : session.heapBytes()) - bytes);
      if (session == null) {
        stripe.remove(clientId);
      } else {
        stripe.put(clientId, session);
      }
      return answer;
    }
  }

  private Map<ClientId, DurableSession> stripe(ClientId clientId) {
    int hash = clientId.hashCode();
    return stripes.get((hash ^ hash >>> 16) & (STRIPES - 1));
  }
}
