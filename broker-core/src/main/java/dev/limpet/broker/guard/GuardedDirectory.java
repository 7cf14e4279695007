package dev.limpet.broker.guard;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Wraps a session directory so that it fails in one way only. As thread-safe as its port. */
public final class GuardedDirectory implements SessionDirectory {
  private final SessionDirectory port;

  public GuardedDirectory(SessionDirectory port) {
    this.port = port;
  }

  @Override
  public CompletionStage<Claimed> claim(ClientId clientId, @Nullable Will will, String address) {
    return Guard.stage("SessionDirectory.claim", () -> port.claim(clientId, will, address));
  }

  @Override
  public CompletionStage<Released> release(Claim claim, Release release) {
    return Guard.stage("SessionDirectory.release", () -> port.release(claim, release));
  }

  @Override
  public CompletionStage<Optional<Will>> takeWill(Claim claim) {
    return Guard.stage("SessionDirectory.takeWill", () -> port.takeWill(claim));
  }

  @Override
  public CompletionStage<Void> forget(ClientId clientId, long epoch) {
    return Guard.stage("SessionDirectory.forget", () -> port.forget(clientId, epoch));
  }

  @Override
  public CompletionStage<Boolean> restore(Claim claim, String address) {
    return Guard.stage("SessionDirectory.restore", () -> port.restore(claim, address));
  }

  @Override
  public CompletionStage<Map<ClientId, ClaimView>> find(Collection<ClientId> clientIds) {
    return Guard.stage("SessionDirectory.find", () -> port.find(clientIds));
  }

  @Override
  public CompletionStage<Optional<ClaimView>> find(ClientId clientId) {
    return Guard.stage("SessionDirectory.find", () -> port.find(clientId));
  }
}
