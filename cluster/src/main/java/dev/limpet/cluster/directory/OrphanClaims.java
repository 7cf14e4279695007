package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.store.hazelcast.PartitionVisits;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds and releases the claims of dead hosts. Thread-safe: holds no state of its own. */
public final class OrphanClaims {

  /** Operations in flight; more would only wait for each other. */
  private static final int AT_ONCE = 64;

  private final IMap<String, ClaimRecord> claims;
  private final PartitionVisits visits;
  private final NodeId self;
  private final LongSupplier wallMillis;
  private final AsyncRetry retry;

  /**
   * @param self adopts the orphans
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public OrphanClaims(
      HazelcastInstance hazelcast, NodeId self, LongSupplier wallMillis, AsyncRetry retry) {
    this.claims = hazelcast.getMap(DirectoryMap.NAME);
    this.visits = new PartitionVisits(claims);
    this.self = self;
    this.wallMillis = wallMillis;
    this.retry = retry;
  }

  /** The client ids whose claims this node stores as their owner. Blocks: reads all of them. */
  public Collection<String> localClientIds() {
    return claims.localKeySet();
  }

  /**
   * Releases those of the claims whose host has left. Each orphan is handed out once.
   *
   * @param departed nodes known to have left
   * @param live nodes known to live
   * @param settledAgeMillis a claim so old was not made by a node that joined just now
   * @param adopted hears of each orphan, also when another could not be adopted; one at a time
   * @return fails when some could not be adopted; calling again finds those still to be
   */
  public CompletionStage<Void> adopt(
      Set<String> clientIds,
      Set<NodeId> departed,
      Set<NodeId> live,
      long settledAgeMillis,
      Consumer<Orphan> adopted) {
    long nowMillis = wallMillis.getAsLong();
    AdoptOrphanStep.Terms terms =
        new AdoptOrphanStep.Terms(self, departed, live, nowMillis - settledAgeMillis, 0, nowMillis);
    AdoptOrphanStep step = new AdoptOrphanStep(terms, ThreadLocalRandom.current().nextLong());
    // Most claims are no orphans: reading has no backup to wait for, so it may span keys.
    return retry
        .call(
            "looking for orphans", () -> claims.submitToKeys(clientIds, new OrphanQuestion(terms)))
        .thenCompose(found -> adoptFrom(List.copyOf(found.keySet()), 0, step, adopted));
  }

  /**
   * Releases a claim that its host knows nothing of, unless another has replaced it.
   *
   * @return the orphan; empty when there is none
   */
  public CompletionStage<Optional<Orphan>> adoptLeftOver(Claim claim) {
    AdoptOrphanStep.Terms terms =
        AdoptOrphanStep.Terms.leftOver(self, claim.epoch(), wallMillis.getAsLong());
    AdoptOrphanStep step = new AdoptOrphanStep(terms, ThreadLocalRandom.current().nextLong());
    String clientId = claim.clientId().value();
    return retry
        .call("adopting a claim that was left over", () -> claims.submitToKey(clientId, step))
        .thenApply(answer -> orphan(clientId, answer));
  }

  /** Since a claim was made, at least. */
  public long ageMillis(Claim claim) {
    return wallMillis.getAsLong() - ClaimStep.millisOf(claim.epoch());
  }

  /**
   * Reads the claims in a partition of which this node is the owner.
   *
   * @param seen hears of each, on the partition's thread
   * @return whether this node is the owner; completed on the partition's thread
   */
  public CompletionStage<Boolean> visit(int partition, Consumer<StoredClaim> seen) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    visits.visit(
        partition,
        new PartitionVisits.Visitor() {
          @Override
          public void entry(Supplier<String> key, @Nullable Object value) {
            if (value instanceof ClaimRecord record) {
              seen.accept(StoredClaim.of(key.get(), record));
            }
          }

          @Override
          public void seen(boolean isOwner) {
            done.complete(isOwner);
          }

          @Override
          public void failed(RuntimeException failure) {
            done.completeExceptionally(failure);
          }
        });
    return done;
  }

  /** One operation per claim: only then does Hazelcast wait for the backup. */
  private CompletionStage<Void> adoptFrom(
      List<String> clientIds, int from, AdoptOrphanStep step, Consumer<Orphan> adopted) {
    if (from >= clientIds.size()) {
      return CompletableFuture.completedStage(null);
    }
    int to = Math.min(from + AT_ONCE, clientIds.size());
    Map<String, CompletableFuture<ClaimAnswer>> answers = new HashMap<>();
    for (String clientId : clientIds.subList(from, to)) {
      answers.put(
          clientId, retry.call("adopting an orphan", () -> claims.submitToKey(clientId, step)));
    }
    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
        .whenComplete((all, failure) -> handOut(answers, adopted))
        .thenCompose(all -> adoptFrom(clientIds, to, step, adopted));
  }

  /** Runs even if others failed: an adopted claim is no longer an orphan. */
  private static void handOut(
      Map<String, CompletableFuture<ClaimAnswer>> answers, Consumer<Orphan> adopted) {
    answers.forEach(
        (clientId, future) -> {
          ClaimAnswer answer =
              future.isCompletedExceptionally() ? ClaimAnswer.NOTHING : future.join();
          orphan(clientId, answer).ifPresent(adopted);
        });
  }

  private static Optional<Orphan> orphan(String clientId, ClaimAnswer answer) {
    NodeId holder = answer.holder();
    return holder == null
        ? Optional.empty()
        : Optional.of(
            new Orphan(
                new Claim(ClientId.of(clientId), holder, answer.holderEpoch()), answer.will()));
  }
}
