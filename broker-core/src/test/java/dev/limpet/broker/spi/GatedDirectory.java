package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A directory in which a test decides whether a release or a claim comes first, and when the
 * claimer hears of it. Thread-safe.
 */
public final class GatedDirectory implements SessionDirectory {
  private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

  private final SessionDirectory directory;
  private final AtomicInteger releasesBegun = new AtomicInteger();
  private final AtomicInteger claimsMade = new AtomicInteger();
  private volatile CompletableFuture<Void> releases = OPEN;
  private volatile CompletableFuture<Void> claimAnswers = OPEN;

  public GatedDirectory(SessionDirectory directory) {
    this.directory = directory;
  }

  /** Releases do not get to the directory until the gate that is returned is completed. */
  public CompletableFuture<Void> holdReleases() {
    releases = new CompletableFuture<>();
    return releases;
  }

  /** Claims are made, but their answers wait until the gate that is returned is completed. */
  public CompletableFuture<Void> holdClaimAnswers() {
    claimAnswers = new CompletableFuture<>();
    return claimAnswers;
  }

  /** Claims made from now on are answered at once; the held ones wait still. */
  public void answerClaimsAgain() {
    claimAnswers = OPEN;
  }

  /** How many releases were begun. */
  public int releasesBegun() {
    return releasesBegun.get();
  }

  /** How many claims the directory has made. */
  public int claimsMade() {
    return claimsMade.get();
  }

  @Override
  public CompletionStage<Claimed> claim(ClientId clientId, @Nullable Will will, String address) {
    CompletableFuture<Void> gate = claimAnswers;
    return directory
        .claim(clientId, will, address)
        .thenCompose(
            claimed -> {
              claimsMade.incrementAndGet();
              return gate.thenApply(open -> claimed);
            });
  }

  @Override
  public CompletionStage<Released> release(Claim claim, Release release) {
    releasesBegun.incrementAndGet();
    return releases.thenCompose(open -> directory.release(claim, release));
  }

  @Override
  public CompletionStage<Optional<Will>> takeWill(Claim claim) {
    return directory.takeWill(claim);
  }

  @Override
  public CompletionStage<Void> forget(ClientId clientId, long epoch) {
    return directory.forget(clientId, epoch);
  }

  @Override
  public CompletionStage<Boolean> restore(Claim claim, String address) {
    return directory.restore(claim, address);
  }

  @Override
  public CompletionStage<Map<ClientId, ClaimView>> find(Collection<ClientId> clientIds) {
    return directory.find(clientIds);
  }

  @Override
  public CompletionStage<Optional<ClaimView>> find(ClientId clientId) {
    return directory.find(clientId);
  }
}
