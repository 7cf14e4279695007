package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.SessionImage;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.PriorityBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions at home here whose expiry has come [MQTT-3.1.2-23], publishes a will that still
 * waited, and has their client ids forgotten.
 *
 * <p>Thread-safe. Holds one entry for each time an expiring session was indexed; an entry that is
 * out of date is dropped when its time comes.
 */
final class SessionExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(SessionExpiry.class);

  /** How late an expiry may be. */
  private static final long TICK_MILLIS = 1_000;

  private record Due(long atMillis, ClientId clientId, long epoch) {}

  private final PriorityBlockingQueue<Due> due =
      new PriorityBlockingQueue<>(11, Comparator.comparingLong(Due::atMillis));
  private final RoutingPorts ports;
  private final WillClock wills;

  SessionExpiry(RoutingPorts ports, WillClock wills) {
    this.ports = ports;
    this.wills = wills;
    ports.metrics().gauge("limpet.sessions.expiring", "noted session expiries", due::size);
  }

  void start() {
    Lane lane = ports.lanes().all().get(0);
    lane.schedule(() -> tick(lane), TICK_MILLIS);
  }

  void watch(SessionImage image) {
    if (image.expiresAtMillis() != Long.MAX_VALUE) {
      due.add(new Due(image.expiresAtMillis(), image.clientId(), image.epoch()));
    }
  }

  private void tick(Lane lane) {
    long now = ports.wallMillis().getAsLong();
    for (Due next = due.peek(); next != null && next.atMillis() <= now; next = due.peek()) {
      due.remove(next);
      if (isCurrent(next)) {
        end(next);
      }
    }
    lane.schedule(() -> tick(lane), TICK_MILLIS);
  }

  private boolean isCurrent(Due candidate) {
    return ports
        .durableSubscriptions()
        .session(candidate.clientId())
        .filter(image -> image.epoch() == candidate.epoch())
        .filter(image -> image.expiresAtMillis() == candidate.atMillis())
        .isPresent();
  }

  private void end(Due ended) {
    var unused =
        ports
            .sessions()
            .expire(ended.clientId(), ended.epoch())
            .thenCompose(gone -> gone ? forget(ended) : CompletableFuture.completedFuture(null))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    LOG.warn("Session {} did not expire: {}", ended.clientId(), failure, failure);
                  }
                });
  }

  private CompletionStage<Void> forget(Due ended) {
    ports.durableSubscriptions().forget(ended.clientId());
    Claim last = new Claim(ended.clientId(), ports.cluster().membership().self(), ended.epoch());
    return wills
        .publishNow(last)
        .thenCompose(done -> ports.cluster().directory().forget(ended.clientId(), ended.epoch()));
  }
}
