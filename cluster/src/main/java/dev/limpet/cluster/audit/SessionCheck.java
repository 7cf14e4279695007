package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares durable connections of this node with their stored sessions, and their readers with the
 * inboxes.
 *
 * <p>Thread-safe. Remembers the connections whose session is missing, at most as many as there are.
 */
final class SessionCheck {

  /** A node that was cut off for a while misses sessions until the sides have merged. */
  private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final AuditedBroker broker;
  private final Consumer<Claim> wake;
  private final Map<Claim, Long> missingSince = new ConcurrentHashMap<>();

  /**
   * @param wake makes the reader of a connection look into its inbox
   */
  SessionCheck(AuditedBroker broker, Consumer<Claim> wake) {
    this.broker = broker;
    this.wake = wake;
  }

  /** Forgets what is known of connections but these. */
  void retain(Collection<Claim> connected) {
    missingSince.keySet().retainAll(connected);
  }

  CompletionStage<List<Finding>> look(List<Claim> durable) {
    if (durable.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return broker
        .describe(durable.stream().map(Claim::clientId).toList())
        .thenCompose(images -> judge(durable, images));
  }

  private CompletionStage<List<Finding>> judge(List<Claim> durable, List<SessionImage> images) {
    Map<ClientId, SessionImage> found = new HashMap<>();
    images.forEach(image -> found.put(image.clientId(), image));
    List<Finding> findings = new ArrayList<>();
    List<CompletableFuture<Optional<Finding>>> readers = new ArrayList<>();
    for (Claim own : durable) {
      SessionImage image = found.get(own.clientId());
      if (image == null) {
        missing(own).ifPresent(findings::add);
      } else {
        missingSince.remove(own);
        judge(own, image, findings, readers);
      }
    }
    return Stages.all(readers)
        .thenApply(
            all -> {
              readers.forEach(each -> each.join().ifPresent(findings::add));
              return findings;
            });
  }

  private void judge(
      Claim own,
      SessionImage image,
      List<Finding> findings,
      List<CompletableFuture<Optional<Finding>>> readers) {
    ClientId id = own.clientId();
    if (image.epoch() > own.epoch()) {
      findings.add(
          new Finding(
              Repair.CLIENT_OUTDONE,
              id,
              List.of(own, image.epoch()),
              () -> broker.endOutdone(own)));
    } else if (image.epoch() < own.epoch() || !own.host().equals(image.host())) {
      findings.add(new Finding(Repair.SESSION_CLOSED, id, own, () -> broker.reopen(own)));
    } else if (image.lastSequence() > 0) {
      readers.add(reader(own, image.lastSequence()).toCompletableFuture());
    }
  }

  private CompletionStage<Optional<Finding>> reader(Claim own, long lastSequence) {
    return broker
        .stuckAt(own, lastSequence)
        .thenApply(
            through ->
                through < 0
                    ? Optional.empty()
                    : Optional.of(
                        new Finding(
                            Repair.READER_STUCK,
                            own.clientId(),
                            List.of(own, through),
                            () -> wake(own))));
  }

  private CompletionStage<Boolean> wake(Claim own) {
    wake.accept(own);
    return CompletableFuture.completedFuture(true);
  }

  private Optional<Finding> missing(Claim own) {
    long now = System.nanoTime();
    @Nullable Long since = missingSince.putIfAbsent(own, now);
    return since == null || now - since < GONE_NANOS
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Repair.SESSION_GONE, own.clientId(), own, () -> broker.endWithoutSession(own)));
  }
}
