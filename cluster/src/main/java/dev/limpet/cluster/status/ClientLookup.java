package dev.limpet.cluster.status;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.cluster.http.ClientDetail;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Combines the data of the directory, the store and the host on one client. Thread-safe: immutable.
 *
 * @param inspectHere this node's view of a client connected to it
 * @param clock by which sessions expire, in epoch milliseconds
 */
public record ClientLookup(
    Membership membership,
    SessionDirectory directory,
    SessionStore sessions,
    PeerLink peers,
    Function<ClientId, Optional<ClientView>> inspectHere,
    LongSupplier clock) {

  /** All about one client; empty when there is neither a connection nor a session. */
  CompletionStage<Optional<ClientDetail>> find(ClientId clientId) {
    return directory
        .find(clientId)
        .thenCombine(sessions.describe(clientId), Found::of)
        .thenCompose(found -> seenByHost(clientId, found).thenApply(found::with))
        .thenApply(found -> detail(clientId, found));
  }

  private boolean isConnected(ClaimView claim) {
    return claim.connected() && membership.isLive(claim.claim().host());
  }

  private CompletionStage<Optional<ClientView>> seenByHost(ClientId clientId, Found found) {
    if (found.claim == null || !isConnected(found.claim)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    NodeId host = found.claim.claim().host();
    if (host.equals(membership.self())) {
      return CompletableFuture.completedFuture(inspectHere.apply(clientId));
    }
    // The host may die before it answers; then the stored state has to suffice.
    return peers.inspect(host, clientId).exceptionally(gone -> Optional.empty());
  }

  private Optional<ClientDetail> detail(ClientId clientId, Found found) {
    ClaimView claim = found.claim;
    boolean connected = claim != null && isConnected(claim);
    if (!connected && !found.hasLiveSession(clock.getAsLong())) {
      return Optional.empty();
    }
    ClientDetail.Whereabouts where =
        new ClientDetail.Whereabouts(
            clientId.value(),
            membership.homeOf(clientId).name(),
            claim != null && connected ? claim.claim().host().name() : null,
            claim == null || claim.address().isEmpty() ? null : claim.address());
    SessionImage stored = found.session;
    ClientView seen = found.seen;
    if (stored != null) {
      long epoch = claim == null ? stored.epoch() : claim.claim().epoch();
      return Optional.of(
          new ClientDetail(where, epoch, true, stored.inboxDepth(), stored.subscriptions()));
    }
    return Optional.of(
        new ClientDetail(
            where,
            claim == null ? 0 : claim.claim().epoch(),
            seen != null && seen.durable(),
            seen == null ? 0 : seen.queued(),
            seen == null ? List.of() : seen.subscriptions()));
  }

  /** Holds the answers of the parties. Immutable. */
  private record Found(
      @Nullable ClaimView claim, @Nullable SessionImage session, @Nullable ClientView seen) {

    static Found of(Optional<ClaimView> claim, Optional<SessionImage> session) {
      return new Found(claim.orElse(null), session.orElse(null), null);
    }

    Found with(Optional<ClientView> view) {
      return new Found(claim, session, view.orElse(null));
    }

    boolean hasLiveSession(long nowMillis) {
      return session != null && session.expiresAtMillis() > nowMillis;
    }
  }
}
