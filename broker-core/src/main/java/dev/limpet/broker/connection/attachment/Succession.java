package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Ending;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over from the previous connection for a new claim: evicts it, and publishes or drops its
 * will.
 *
 * <p>One rule settles who decides about that will: the first to reach the directory, the release of
 * the old claim or the new claim, owns it. A release decides by itself. A new claim decides as the
 * host of the old connection answers its eviction, because only that host knows the client's last
 * act: {@link Ending}. The new claim decides alone when that host is gone or does not answer in
 * time, or when the will was kept behind a connection that has ended already.
 *
 * <p>Stateless but for its ports; from any thread.
 */
public final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final ConnectionPorts ports;
  private final ConnectRequest request;
  private final int timeoutMillis;

  /**
   * @param timeoutMillis how long the old host may take
   */
  public Succession(ConnectionPorts ports, ConnectRequest request, int timeoutMillis) {
    this.ports = ports;
    this.request = request;
    this.timeoutMillis = timeoutMillis;
  }

  /** Done, never exceptionally, when the client id has no connection but the caller's. */
  public CompletionStage<Void> settle(Claimed answer) {
    Claim previous = answer.previous();
    if (previous == null) {
      settleWill(answer, Ending.BROKEN);
      return CompletableFuture.completedFuture(null);
    }
    ports.metrics().takenOver();
    return evict(previous)
        .toCompletableFuture()
        .copy()
        .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              // The old host is gone or silent; its writes are fenced by the new epoch.
              LOG.info("No answer from the old host of {}: {}", previous, failure.toString());
              return Ending.BROKEN;
            })
        .thenAccept(ending -> settleWill(answer, ending));
  }

  private CompletionStage<Ending> evict(Claim previous) {
    return previous.host().equals(ports.membership().self())
        ? ports.attachments().evict(previous)
        : ports.peers().evict(previous);
  }

  private void settleWill(Claimed answer, Ending ending) {
    Will will = answer.unsentWill();
    if (will != null && isDue(will, ending)) {
      ports.wills().publish(answer.claim().clientId(), will);
    }
  }

  /** A client that is back before its will is due cancels it [MQTT-3.1.3-9]. */
  private boolean isDue(Will will, Ending ending) {
    boolean waitsNoLonger =
        will.delaySeconds() == 0 || ending.sessionEnded() || request.session().cleanStart();
    return waitsNoLonger && !ending.willCancelled();
  }
}
