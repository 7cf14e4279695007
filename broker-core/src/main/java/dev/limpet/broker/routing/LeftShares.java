package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on the share group deliveries in the inbox of a durable session about to end. First the
 * groups lose the member, so that no more arrive; once other members have them, the caller ends the
 * session. A crash in between costs duplicates, never a message.
 *
 * <p>Thread-safe.
 */
public final class LeftShares {
  private static final Logger LOG = LoggerFactory.getLogger(LeftShares.class);
  private static final int READ_MESSAGES_MAX = 256;
  private static final int READ_BYTES_MAX = 1 << 20;

  private final SessionStore sessions;
  private final HandOver handOver;

  LeftShares(SessionStore sessions, HandOver handOver) {
    this.sessions = sessions;
    this.handOver = handOver;
  }

  /**
   * Hands on all there is.
   *
   * @param claim with the session's epoch or a newer one
   * @param index has the session's home read it again
   * @return done, never exceptionally: failures to hand on are logged
   */
  public CompletionStage<Void> handOn(
      Claim claim, Function<ClientId, CompletionStage<Void>> index) {
    return sessions
        .describe(claim.clientId())
        .thenCompose(image -> leave(claim, image, index))
        .exceptionally(
            failure -> {
              LOG.warn("The share group deliveries of {} were not handed on", claim, failure);
              return null;
            });
  }

  private CompletionStage<Void> leave(
      Claim claim, Optional<SessionImage> image, Function<ClientId, CompletionStage<Void>> index) {
    List<SharedFilter> groups =
        image.stream()
            .flatMap(session -> session.subscriptions().stream())
            .map(Subscription::filter)
            .filter(SharedFilter::isShared)
            .toList();
    if (groups.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return sessions
        .subscribe(claim, new SubscriptionChange(List.of(), groups))
        .thenCompose(stored -> index.apply(claim.clientId()))
        .thenCompose(left -> readOn(claim, 0));
  }

  private CompletionStage<Void> readOn(Claim claim, long afterSequence) {
    return sessions
        .read(claim, afterSequence, READ_MESSAGES_MAX, READ_BYTES_MAX)
        .thenCompose(slice -> handOn(claim, slice));
  }

  private CompletionStage<Void> handOn(Claim claim, InboxSlice slice) {
    List<CompletableFuture<Void>> all =
        slice.entries().stream()
            .filter(entry -> mayGoOn(entry, slice.sentThrough()))
            .map(entry -> handOver.handOn(entry.delivery()))
            .toList();
    return Stages.all(all)
        .thenCompose(
            done ->
                slice.more()
                    ? readOn(claim, slice.entries().get(slice.entries().size() - 1).sequence())
                    : CompletableFuture.completedFuture(null));
  }

  /** A delivery begun at QoS 2 must not go to another client, even if it is lost [MQTT-4.8.2-5]. */
  private static boolean mayGoOn(InboxEntry entry, long sentThrough) {
    Delivery delivery = entry.delivery();
    boolean begun = entry.sequence() <= sentThrough;
    return delivery.share() != null && !(begun && delivery.qos() == Qos.EXACTLY_ONCE);
  }
}
