package dev.limpet.broker.routing;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions at home here that have expired [MQTT-3.1.2-23], publishes a pending will, and
 * has their client ids forgotten.
 *
 * <p>Thread-safe. Holds one entry for each session that expires.
 */
final class SessionExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(SessionExpiry.class);

  /** How late an expiry may be. */
  private static final long TICK_MILLIS = 1_000;

  /** When the store did not answer it is asked again. */
  private static final long RETRY_MILLIS = 5_000;

  private record Due(long atMillis, ClientId clientId, long epoch) {
    private static final Comparator<Due> BY_TIME =
        Comparator.comparingLong(Due::atMillis).thenComparing(Due::clientId);
  }

  private final ConcurrentSkipListSet<Due> due = new ConcurrentSkipListSet<>(Due.BY_TIME);
  private final Map<ClientId, Due> byClient = new ConcurrentHashMap<>();
  private final RoutingPorts ports;
  private final WillClock wills;
  private final LeftShares leftShares;
  private final Function<ClientId, CompletionStage<Void>> index;

  /**
   * @param index has a session read again from the store, as when it is gone from there
   */
  SessionExpiry(
      RoutingPorts ports,
      WillClock wills,
      LeftShares leftShares,
      Function<ClientId, CompletionStage<Void>> index) {
    this.ports = ports;
    this.wills = wills;
    this.leftShares = leftShares;
    this.index = index;
    ports
        .metrics()
        .gauge("limpet.sessions.expiring", "Offline sessions with an expiry that runs", due::size);
  }

  void start() {
    Lane lane = ports.lanes().all().get(0);
    lane.schedule(() -> tick(lane), TICK_MILLIS);
  }

  /** Notes when this session expires, replacing any earlier note. */
  void watch(SessionImage image) {
    boolean expires = image.expiresAtMillis() != Long.MAX_VALUE;
    byClient.compute(
        image.clientId(),
        (clientId, before) -> {
          if (before != null) {
            due.remove(before);
          }
          if (!expires) {
            return null;
          }
          Due next = new Due(image.expiresAtMillis(), clientId, image.epoch());
          due.add(next);
          return next;
        });
  }

  private void tick(Lane lane) {
    try {
      endAllDue(ports.wallMillis().getAsLong());
    } finally {
      lane.schedule(() -> tick(lane), TICK_MILLIS);
    }
  }

  private void endAllDue(long nowMillis) {
    for (Due next : due) {
      if (next.atMillis() > nowMillis) {
        return;
      }
      byClient.remove(next.clientId(), next);
      due.remove(next);
      if (isCurrent(next)) {
        end(next);
      }
    }
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
    Claim last = new Claim(ended.clientId(), ports.membership().self(), ended.epoch());
    var unused =
        leftShares
            .handOn(last, index)
            .thenCompose(left -> ports.sessions().expire(ended.clientId(), ended.epoch()))
            .thenCompose(gone -> gone ? forget(last) : CompletableFuture.completedFuture(null))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    LOG.warn("Session {} did not expire: {}", ended.clientId(), failure, failure);
                    Lane lane = ports.lanes().forKey(ended.clientId());
                    lane.schedule(() -> again(ended), RETRY_MILLIS);
                  }
                });
  }

  /** Notes it again, unless newer state of the session is known meanwhile. */
  private void again(Due ended) {
    byClient.computeIfAbsent(
        ended.clientId(),
        clientId -> {
          due.add(ended);
          return ended;
        });
  }

  private CompletionStage<Void> forget(Claim last) {
    var unused = index.apply(last.clientId());
    ports.metrics().sessionExpired();
    return wills
        .publishNow(last)
        .thenCompose(done -> ports.directory().forget(last.clientId(), last.epoch()));
  }
}
