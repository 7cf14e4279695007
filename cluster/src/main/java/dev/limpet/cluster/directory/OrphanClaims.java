package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.cluster.member.AsyncRetry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Finds and releases the claims of dead hosts. Thread-safe: holds no state of its own. */
public final class OrphanClaims {

  private final IMap<String, ClaimRecord> claims;
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
   */
  public CompletionStage<List<Orphan>> adopt(
      Set<String> clientIds, Set<NodeId> departed, Set<NodeId> live, long settledAgeMillis) {
    long nowMillis = wallMillis.getAsLong();
    AdoptOrphanStep step =
        new AdoptOrphanStep(
            new AdoptOrphanStep.Terms(
                self, departed, live, nowMillis - settledAgeMillis, nowMillis),
            ThreadLocalRandom.current().nextLong());
    return retry
        .call("adopting orphans", () -> claims.submitToKeys(clientIds, step))
        .thenApply(OrphanClaims::orphans);
  }

  private static List<Orphan> orphans(Map<String, ClaimAnswer> answers) {
    List<Orphan> orphans = new ArrayList<>();
    answers.forEach(
        (clientId, answer) -> {
          NodeId holder = answer.holder();
          if (holder != null) {
            Claim claim = new Claim(ClientId.of(clientId), holder, answer.holderEpoch());
            orphans.add(new Orphan(claim, answer.will()));
          }
        });
    return orphans;
  }
}
