package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.cluster.member.AsyncRetry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the claims of the whole cluster in one Hazelcast map.
 *
 * <p>Thread-safe. A step that did not answer is repeated under the same attempt number, so that it
 * happens once. Stages complete on the common pool, but those of {@link #claim} and {@link
 * #release}, of which there is one for each connection: they complete on Hazelcast's threads.
 */
public final class HazelcastSessionDirectory implements SessionDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(HazelcastSessionDirectory.class);

  private final IMap<String, ClaimRecord> claims;
  private final NodeId self;
  private final LongSupplier wallMillis;
  private final AsyncRetry retry;
  private final ClaimSteps steps;

  /**
   * @param self the host of every claim made here
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public HazelcastSessionDirectory(
      HazelcastInstance hazelcast, NodeId self, LongSupplier wallMillis, AsyncRetry retry) {
    this.claims = hazelcast.getMap(DirectoryMap.NAME);
    this.self = self;
    this.wallMillis = wallMillis;
    this.retry = retry;
    this.steps = new ClaimSteps(hazelcast, retry);
  }

  @Override
  public CompletionStage<Claimed> claim(ClientId clientId, @Nullable Will will, String address) {
    ClaimStep.Terms terms = new ClaimStep.Terms(self, will, address, wallMillis.getAsLong());
    return steps
        .take("claim", clientId.value(), new ClaimStep(terms, newAttempt()))
        .thenApply(answer -> claimed(clientId, answer));
  }

  @Override
  public CompletionStage<Released> release(Claim claim, Release release) {
    ReleaseStep step = new ReleaseStep(claim.epoch(), release, newAttempt());
    return steps
        .take("release", claim.clientId().value(), step)
        .thenApply(answer -> new Released(answer.known(), handedOver(claim, answer).orElse(null)));
  }

  @Override
  public CompletionStage<Optional<Will>> takeWill(Claim claim) {
    TakeWillStep step = new TakeWillStep(claim.epoch(), newAttempt());
    return submit("taking a will", claim.clientId(), step)
        .thenApply(answer -> handedOver(claim, answer));
  }

  @Override
  public CompletionStage<Void> forget(ClientId clientId, long epoch) {
    return submit("forget", clientId, new ForgetStep(epoch, newAttempt()))
        .thenApply(answer -> null);
  }

  /** By the way of releases, so that one asked for later comes later. */
  @Override
  public CompletionStage<Boolean> restore(Claim claim, String address) {
    RestoreStep.Terms terms = new RestoreStep.Terms(claim.host(), claim.epoch(), address);
    return steps
        .take("restore", claim.clientId().value(), new RestoreStep(terms, newAttempt()))
        .thenApply(ClaimAnswer::known);
  }

  @Override
  public CompletionStage<Map<ClientId, ClaimView>> find(Collection<ClientId> clientIds) {
    Set<String> keys = clientIds.stream().map(ClientId::value).collect(Collectors.toSet());
    return retry
        .call("finding claims", () -> claims.submitToKeys(keys, new ClaimQuestion()))
        .thenApply(HazelcastSessionDirectory::views);
  }

  private static Map<ClientId, ClaimView> views(Map<String, ClaimRecord> records) {
    Map<ClientId, ClaimView> views = new HashMap<>();
    records.forEach(
        (key, record) -> {
          ClientId clientId = ClientId.of(key);
          views.put(clientId, view(clientId, record));
        });
    return views;
  }

  @Override
  public CompletionStage<Optional<ClaimView>> find(ClientId clientId) {
    return retry
        .call("finding a claim", () -> claims.getAsync(clientId.value()))
        .thenApply(record -> Optional.ofNullable(record).map(found -> view(clientId, found)));
  }

  private static ClaimView view(ClientId clientId, ClaimRecord record) {
    Claim claim = new Claim(clientId, record.host(), record.epoch());
    return new ClaimView(claim, record.connected(), record.address());
  }

  private CompletableFuture<ClaimAnswer> submit(
      String what, ClientId clientId, DirectoryStep step) {
    return retry.call(
        what + " of client " + clientId, () -> claims.submitToKey(clientId.value(), step));
  }

  private Claimed claimed(ClientId clientId, ClaimAnswer answer) {
    NodeId holder = answer.holder();
    Claim previous = holder == null ? null : new Claim(clientId, holder, answer.holderEpoch());
    Claim claim = new Claim(clientId, self, answer.epoch());
    return new Claimed(claim, previous, answer.will(), answer.known());
  }

  /**
   * A record whose session has ended was kept only to repeat its answer, which has arrived. {@link
   * CleanStep} does nothing to others: the will was all that held an ended session's record.
   */
  private Optional<Will> handedOver(Claim claim, ClaimAnswer answer) {
    if (answer.will() != null) {
      // An answer may come on a thread of Hazelcast from which no operation may start.
      ForkJoinPool.commonPool().execute(() -> cleanUp(claim));
    }
    return Optional.ofNullable(answer.will());
  }

  private void cleanUp(Claim claim) {
    submit("cleaning up", claim.clientId(), new CleanStep(claim.epoch(), newAttempt()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "The claim of client {} was not released and will be swept: {}",
                    claim.clientId(),
                    failure);
              }
            });
  }

  private static long newAttempt() {
    return ThreadLocalRandom.current().nextLong();
  }
}
