package dev.limpet.broker.routing;

import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Compares the claims of this node's connections with the directory and ends those that a newer
 * claim replaced without notice. Immutable.
 */
final class ClaimReview {

  /** Questions in flight at once. */
  private static final int CHUNK = 256;

  private final SessionDirectory directory;
  private final ConnectedSessions connected;

  ClaimReview(SessionDirectory directory, ConnectedSessions connected) {
    this.directory = directory;
    this.connected = connected;
  }

  /** Done when all connections that are here now have been compared. */
  CompletionStage<Void> run() {
    return from(connected.claims(), 0);
  }

  private CompletionStage<Void> from(List<Claim> claims, int from) {
    if (from >= claims.size()) {
      return CompletableFuture.completedFuture(null);
    }
    int to = Math.min(from + CHUNK, claims.size());
    CompletableFuture<?>[] compared =
        claims.subList(from, to).stream()
            .map(claim -> compare(claim).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(compared).thenCompose(done -> from(claims, to));
  }

  private CompletionStage<Void> compare(Claim claim) {
    return directory
        .find(claim.clientId())
        .thenCompose(
            found ->
                found.isPresent() && found.get().claim().epoch() > claim.epoch()
                    ? connected.evict(claim).thenApply(ending -> null)
                    : CompletableFuture.completedFuture(null));
  }
}
