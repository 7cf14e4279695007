package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.cluster.directory.OrphanClaims;
import dev.limpet.cluster.directory.StoredClaim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares the claims and sessions at home on this node with the hosts they name, and the sessions
 * with what this node routes by. Thread-safe.
 */
final class HomeCheck {

  /** A host that this node does not know may have joined a moment ago. */
  private static final long UNKNOWN_MILLIS = 10_000;

  private final OrphanClaims claims;
  private final HomeSessions sessions;
  private final ClusterListener listener;
  private final AuditedBroker broker;
  private final Hosts hosts;
  private final BooleanSupplier indexing;

  /**
   * @param indexing whether sessions at home are being indexed anyway
   */
  HomeCheck(AuditParts parts, ClusterListener listener, Hosts hosts, BooleanSupplier indexing) {
    this.claims = parts.claims();
    this.sessions = parts.sessions();
    this.listener = listener;
    this.broker = listener.audited();
    this.hosts = hosts;
    this.indexing = indexing;
  }

  /** What a partition holds. Filled on its thread, read once it is complete. */
  private record Home(Map<ClientId, StoredClaim> claims, Map<ClientId, SessionImage> sessions) {}

  /** Of a session, what routing depends on. */
  private record Indexed(
      long epoch, @Nullable NodeId host, long expiresAtMillis, List<?> subscriptions) {
    static Indexed of(SessionImage image) {
      return new Indexed(
          image.epoch(), image.host(), image.expiresAtMillis(), image.subscriptions());
    }
  }

  /**
   * Looks at a partition; sees nothing when this node is not its owner.
   *
   * @param indexed ids in this partition that this node routes by
   */
  CompletionStage<List<Finding>> look(int partition, Collection<ClientId> indexed) {
    Home home = new Home(new HashMap<>(), new HashMap<>());
    return claims
        .visit(partition, each -> home.claims.put(each.claim().clientId(), each))
        .thenCompose(
            owner ->
                owner
                    ? sessions.visit(partition, image -> home.sessions.put(image.clientId(), image))
                    : CompletableFuture.completedStage(false))
        .thenCompose(
            owner ->
                owner
                    ? judge(home, indexed)
                    : CompletableFuture.completedStage(List.<Finding>of()));
  }

  private CompletionStage<List<Finding>> judge(Home home, Collection<ClientId> indexed) {
    List<Finding> findings = new ArrayList<>();
    if (!indexing.getAsBoolean()) {
      compareIndex(home, indexed, findings);
    }
    Map<Claim, Boolean> named = named(home);
    return hosts
        .ask(named.keySet())
        .thenApply(
            holdings -> {
              named.forEach(
                  (claim, isClaim) -> {
                    if (isLeft(claim, holdings)) {
                      findings.add(left(claim, isClaim));
                    }
                  });
              return findings;
            });
  }

  private void compareIndex(Home home, Collection<ClientId> indexed, List<Finding> findings) {
    for (SessionImage image : home.sessions.values()) {
      Indexed stored = Indexed.of(image);
      if (!broker.indexed(image.clientId()).map(Indexed::of).filter(stored::equals).isPresent()) {
        findings.add(stale(image.clientId(), stored));
      }
    }
    for (ClientId id : indexed) {
      if (!home.sessions.containsKey(id)) {
        broker.indexed(id).map(Indexed::of).ifPresent(known -> findings.add(stale(id, known)));
      }
    }
  }

  private Finding stale(ClientId id, Indexed evidence) {
    return new Finding(
        Repair.INDEX_STALE,
        id,
        evidence,
        () -> listener.onIndex(List.of(id)).thenApply(done -> true));
  }

  /**
   * The claims that somebody should have a connection under, or a will to publish.
   *
   * @return whether it is in the directory; else only a session names it
   */
  private Map<Claim, Boolean> named(Home home) {
    Map<Claim, Boolean> named = new HashMap<>();
    for (StoredClaim each : home.claims.values()) {
      if (each.connected() || (each.pending() && !hosts.isLive(each.claim().host()))) {
        named.put(each.claim(), true);
      }
    }
    for (SessionImage image : home.sessions.values()) {
      StoredClaim claim = home.claims.get(image.clientId());
      boolean awaited = claim != null && claim.connected(); // it opens the session, or goes
      if (image.host() != null && !awaited) {
        named.putIfAbsent(new Claim(image.clientId(), image.host(), image.epoch()), false);
      }
    }
    return named;
  }

  private boolean isLeft(Claim claim, Map<Claim, Holding> holdings) {
    return hosts.isLive(claim.host())
        ? holdings.get(claim) == Holding.NONE
        : claims.ageMillis(claim) > UNKNOWN_MILLIS;
  }

  private Finding left(Claim claim, boolean isClaim) {
    return new Finding(
        Repair.CLAIM_LEFT,
        claim.clientId(),
        claim,
        isClaim ? () -> release(claim) : () -> close(claim));
  }

  private CompletionStage<Boolean> release(Claim claim) {
    return claims
        .adoptLeftOver(claim)
        .thenApply(
            orphan -> {
              orphan.ifPresent(each -> listener.onOrphan(each.claim(), each.will()));
              return orphan.isPresent();
            });
  }

  private CompletionStage<Boolean> close(Claim claim) {
    listener.onOrphan(claim, null);
    return CompletableFuture.completedStage(true);
  }
}
