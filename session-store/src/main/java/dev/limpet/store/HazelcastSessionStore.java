package dev.limpet.store;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.AppendResult;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxTally;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.durable.StoredPublication;
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
import dev.limpet.store.call.MapNames;
import dev.limpet.store.call.RetryingCalls;
import dev.limpet.store.call.StoreMetrics;
import dev.limpet.store.call.StoreThreads;
import dev.limpet.store.count.InboxCount;
import dev.limpet.store.hazelcast.Commits;
import dev.limpet.store.partition.GroupCommit;
import dev.limpet.store.partition.PendingWrite;
import dev.limpet.store.partition.SessionPartitions;
import dev.limpet.store.write.AcknowledgeInbox;
import dev.limpet.store.write.AnswerFormat;
import dev.limpet.store.write.AppendToInbox;
import dev.limpet.store.write.ChangeSubscriptions;
import dev.limpet.store.write.CloseOrphan;
import dev.limpet.store.write.CloseSession;
import dev.limpet.store.write.ExpireSession;
import dev.limpet.store.write.KnowsDelivery;
import dev.limpet.store.write.OpenSession;
import dev.limpet.store.write.ReadInbox;
import dev.limpet.store.write.ReceivePublication;
import dev.limpet.store.write.ReopenSession;
import dev.limpet.store.write.ReplayToInbox;
import dev.limpet.store.write.SessionWrite;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores durable sessions in a Hazelcast map, each on the owner of its partition and on one backup.
 *
 * <p>Thread-safe; never blocks. Stages complete on one of the store's own threads, where dependents
 * must not linger. Writes that one node makes to one session are applied in the order of the calls.
 */
public final class HazelcastSessionStore implements SessionStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastSessionStore.class);
  private static final InboxListener NOBODY = (clientId, entry) -> {};

  private final IMap<String, DurableSession> sessions;
  private final StoreOptions options;
  private final LongSupplier wallMillis;
  private final StoreMetrics metrics;
  private final StoreThreads threads = new StoreThreads("limpet-sessions");
  private final RetryingCalls calls;
  private final GroupCommit commit;
  private final InboxTally tally;
  private final InboxCount count;
  private final SessionImages images;
  private volatile InboxListener listener = NOBODY;

  /**
   * @param hazelcast a member configured with {@link StoreMaps#configure}; not closed by the store
   * @param wallMillis the clock of all stores on these maps, in epoch milliseconds
   */
  public HazelcastSessionStore(
      HazelcastInstance hazelcast,
      StoreOptions options,
      LongSupplier wallMillis,
      MeterRegistry registry) {
    this.sessions = hazelcast.getMap(MapNames.SESSIONS);
    this.options = options;
    this.wallMillis = wallMillis;
    this.metrics = new StoreMetrics(registry);
    this.tally = new InboxTally(options.nodeInboxMessagesMax(), options.nodeInboxBytesMax());
    this.count = new InboxCount(hazelcast, tally, threads);
    this.calls = new RetryingCalls(options.calls(), threads, metrics);
    this.images = new SessionImages(sessions, calls);
    SessionPartitions partitions = new SessionPartitions(sessions);
    this.commit =
        new GroupCommit(
            partitions::partitionOf,
            (partition, writes) ->
                calls
                    .call(() -> partitions.apply(partition, writes))
                    .thenApply(Commits.Answers::byKey),
            options.calls(),
            metrics);
  }

  @Override
  public void onAppended(InboxListener newListener) {
    listener = newListener;
  }

  @Override
  public CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds) {
    long nowMillis = wallMillis.getAsLong();
    return commit.submit(
        new PendingWrite<>(
            claim.clientId(),
            new OpenSession(claim, cleanStart, expirySeconds, nowMillis),
            answer -> unlessFenced(claim, answer, AnswerFormat::readStoredSession)));
  }

  @Override
  public CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change) {
    return write(claim, new ChangeSubscriptions(claim.epoch(), change));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, List<InboxTarget> targets) {
    if (targets.isEmpty()) {
      return completedFuture(null);
    }
    if (tally.isFull()) {
      targets.forEach(target -> dropped(target.clientId(), target.delivery()));
      return completedFuture(null);
    }
    long nowMillis = wallMillis.getAsLong();
    AppendTally tally = new AppendTally(targets.size());
    List<PendingWrite<?>> writes = new ArrayList<>(targets.size());
    StoredPublication stored = StoredPublication.of(publication);
    for (InboxTarget target : targets) {
      PendingWrite<Long> write =
          new PendingWrite<>(
              target.clientId(),
              new AppendToInbox(
                  StoredDelivery.of(target.delivery(), stored, targets.size()),
                  options.inbox(),
                  nowMillis),
              answer -> appended(target.clientId(), target.delivery(), answer.int64()));
      write.future().whenComplete((result, failure) -> tally.answered(failure));
      writes.add(write);
    }
    commit.submitAll(writes);
    return tally.done();
  }

  @Override
  public CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained) {
    if (tally.isFullForReplays()) {
      retained.forEach(each -> dropped(clientId, each));
      return completedFuture(null);
    }
    long nowMillis = wallMillis.getAsLong();
    return commit.submit(
        new PendingWrite<Void>(
            clientId,
            new ReplayToInbox(
                subscription,
                retained.stream().map(StoredDelivery::of).toList(),
                options.inbox(),
                nowMillis),
            answer -> {
              retained.forEach(each -> appended(clientId, each, answer.int64()));
              return null;
            }));
  }

  private void dropped(ClientId clientId, Delivery delivery) {
    metrics.inboxDropped();
    listener.dropped(clientId, delivery);
  }

  /** Also tells the listener of earlier entries: a crash may have kept it from hearing. */
  private long appended(ClientId clientId, Delivery delivery, long result) {
    if (result == AppendResult.OVERFLOW) {
      dropped(clientId, delivery);
    } else if (AppendResult.isHeld(result)) {
      try {
        listener.appended(clientId, new InboxEntry(AppendResult.sequence(result), delivery));
      } catch (RuntimeException e) {
        LOG.warn("A listener failed after an append to the inbox of {}", clientId, e);
      }
    }
    return result;
  }

  @Override
  public CompletionStage<InboxSlice> read(
      Claim claim, long afterSequence, int messagesMax, int bytesMax) {
    ReadInbox read = new ReadInbox(claim.epoch(), afterSequence, messagesMax, bytesMax);
    String key = claim.clientId().value();
    CompletableFuture<InboxSlice> slice = new CompletableFuture<>();
    calls
        .call(() -> sessions.submitToKey(key, read))
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                slice.completeExceptionally(failure);
                return;
              }
              try {
                BinaryReader in = new BinaryReader(Buffer.buffer(answer));
                slice.complete(unlessFenced(claim, in, AnswerFormat::readSlice));
              } catch (RuntimeException e) {
                slice.completeExceptionally(e);
              }
            });
    return slice;
  }

  @Override
  public CompletionStage<Void> acknowledge(Claim claim, Progress progress) {
    return write(claim, new AcknowledgeInbox(claim.epoch(), progress));
  }

  @Override
  public CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId) {
    return write(claim, new ReceivePublication(claim.epoch(), packetId, publicationId));
  }

  @Override
  public CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds) {
    long nowMillis = wallMillis.getAsLong();
    return write(claim, new CloseSession(claim.epoch(), last, expirySeconds, nowMillis));
  }

  @Override
  public CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead) {
    return write(claim, new ReopenSession(claim, lastRead));
  }

  @Override
  public CompletionStage<Void> closeOrphan(Claim orphan) {
    return write(orphan, new CloseOrphan(orphan, wallMillis.getAsLong()));
  }

  @Override
  public CompletionStage<Boolean> expire(ClientId clientId, long epoch) {
    ExpireSession write = new ExpireSession(epoch, wallMillis.getAsLong());
    return commit.submit(new PendingWrite<>(clientId, write, BinaryReader::flag));
  }

  @Override
  public CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery) {
    Set<String> keys = clientIds.stream().map(ClientId::value).collect(Collectors.toSet());
    return calls
        .call(() -> sessions.submitToKeys(keys, new KnowsDelivery(delivery)))
        .thenApply(answers -> answers.containsValue(true));
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return images.describe(clientIds);
  }

  @Override
  public boolean isFull() {
    return tally.isFull();
  }

  @Override
  public StoreUsage usage() {
    return tally.usage();
  }

  /** The clients whose sessions this node owns now. Blocks: not for event loops. */
  public Set<ClientId> localClientIds() {
    return sessions.localKeySet().stream().map(ClientId::of).collect(Collectors.toSet());
  }

  private CompletionStage<Void> write(Claim claim, SessionWrite write) {
    return commit.submit(
        new PendingWrite<Void>(
            claim.clientId(), write, answer -> unlessFenced(claim, answer, in -> null)));
  }

  private static <T extends @Nullable Object> T unlessFenced(
      Claim claim, BinaryReader answer, Function<BinaryReader, T> reading) {
    if (!answer.flag()) {
      throw new FencedException(claim.clientId(), claim.epoch());
    }
    return reading.apply(answer);
  }

  /** Stops retrying failed calls, and releases the threads once pending calls are answered. */
  @Override
  public void close() {
    count.close();
    calls.close();
    threads.close();
  }
}
