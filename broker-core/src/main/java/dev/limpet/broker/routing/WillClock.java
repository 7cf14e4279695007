package dev.limpet.broker.routing;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes wills: at once, or when their delay has passed without a cancellation [MQTT-3.1.3-9].
 *
 * <p>Thread-safe. Waiting wills are bounded by the durable sessions of the cluster.
 */
public final class WillClock {
  private static final Logger LOG = LoggerFactory.getLogger(WillClock.class);

  /** A will that falls due while the node is cut off is looked at again after so long. */
  private static final long CUT_OFF_MILLIS = 1_000;

  private final RoutingPorts ports;
  private final Router router;

  /** One for each client id at most: a newer claim's will takes the place of an older one's. */
  private final Map<ClientId, Waiting> waiting = new ConcurrentHashMap<>();

  private final Set<CompletableFuture<Void>> publishing = ConcurrentHashMap.newKeySet();

  private record Waiting(
      Claim claim, Lane.Timer timer, Supplier<CompletableFuture<Boolean>> mayPublish) {}

  public WillClock(RoutingPorts ports, Router router) {
    this.ports = ports;
    this.router = router;
    ports.metrics().gauge("limpet.wills.waiting", "Wills whose delay runs", waiting::size);
  }

  /** Publishes a will that is this node's to publish; not when the node is cut off. */
  public void publish(ClientId clientId, Will will) {
    if (!ports.membership().isServing()) {
      LOG.info("The will of {} is left to the majority of the cluster", clientId);
      return;
    }
    CompletableFuture<Void> published = new CompletableFuture<>();
    publishing.add(published);
    Lane lane = ports.lanes().forKey(clientId);
    lane.run(
        () -> {
          try {
            router
                .route(lane, publication(clientId, will))
                .safe()
                .whenComplete((nothing, failure) -> published(clientId, published, failure));
          } catch (RuntimeException e) {
            published(clientId, published, e);
          }
        });
  }

  private void published(
      ClientId clientId, CompletableFuture<Void> published, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("The will of {} is not safe: {}", clientId, failure, failure);
    }
    publishing.remove(published);
    published.complete(null);
  }

  /** Done when all wills being published now are safe, or known not to be. */
  public CompletableFuture<Void> settled() {
    return Stages.all(publishing);
  }

  /**
   * Publishes the will kept with this claim after a while, if it is still there then. To be called
   * once the directory keeps it.
   *
   * @param mayPublish asked then, as rules may have changed; its stage does not fail
   */
  public void publishLater(
      Claim claim, long delayMillis, Supplier<CompletableFuture<Boolean>> mayPublish) {
    Lane lane = ports.lanes().forKey(claim.clientId());
    lane.run(() -> wait(claim, lane, delayMillis, mayPublish));
  }

  /** The same for a claim whose host is dead: the identity of its client is lost. */
  void publishLater(Claim orphan, long delayMillis) {
    publishLater(orphan, delayMillis, () -> CompletableFuture.completedFuture(true));
  }

  private void wait(
      Claim claim, Lane lane, long delayMillis, Supplier<CompletableFuture<Boolean>> mayPublish) {
    Waiting before = waiting.get(claim.clientId());
    if (before != null && before.claim().epoch() > claim.epoch()) {
      return; // the newer claim took this one's will with it
    }
    if (before != null) {
      before.timer().cancel();
    }
    Lane.Timer timer = lane.schedule(() -> due(claim), delayMillis);
    waiting.put(claim.clientId(), new Waiting(claim, timer, mayPublish));
  }

  private void due(Claim claim) {
    Waiting waits = waiting.get(claim.clientId());
    if (!ports.membership().isServing() && waits != null) {
      publishLater(claim, CUT_OFF_MILLIS, waits.mayPublish()); // if it is still there then
      return;
    }
    CompletionStage<Void> published = publishNow(claim);
    waiting.computeIfPresent(
        claim.clientId(), (id, latest) -> latest.claim().equals(claim) ? null : latest);
    logFailure(claim, published);
  }

  /** Publishes the will kept with this claim, if it is still there and, where known, allowed. */
  public CompletionStage<Void> publishNow(Claim claim) {
    Waiting known = waiting.get(claim.clientId());
    boolean asks = known != null && known.claim().epoch() == claim.epoch();
    return asks
        ? known.mayPublish().get().thenCompose(allowed -> take(claim, allowed))
        : take(claim, true);
  }

  /** Takes even a forbidden will, so that no other node publishes it. */
  private CompletionStage<Void> take(Claim claim, boolean allowed) {
    return ports
        .directory()
        .takeWill(claim)
        .thenAccept(
            will -> {
              if (allowed) {
                will.ifPresent(due -> publish(claim.clientId(), due));
              } else {
                LOG.info("The will of {} is no longer allowed", claim.clientId());
              }
            });
  }

  private static void logFailure(Claim claim, CompletionStage<Void> published) {
    var unused =
        published.whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.warn("The will of {} was not sent: {}", claim.clientId(), failure, failure);
              }
            });
  }

  private Publication publication(ClientId clientId, Will will) {
    long expiresAtMillis =
        will.messageExpirySeconds() == Will.NO_EXPIRY
            ? Publication.NEVER
            : ports.wallMillis().getAsLong() + will.messageExpirySeconds() * 1_000;
    return new Publication(
        ports.ids().next(),
        clientId,
        will.topic(),
        will.payload(),
        will.qos(),
        will.retain(),
        expiresAtMillis,
        will.properties());
  }
}
