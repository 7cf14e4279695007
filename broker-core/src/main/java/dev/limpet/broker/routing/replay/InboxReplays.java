package dev.limpet.broker.routing.replay;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.spi.cluster.Membership;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Appends retained publications to inboxes, a bounded number of inboxes at a time.
 *
 * <p>Thread-safe.
 */
public final class InboxReplays {
  /** Replays on their way to inboxes, a page of each; a store is not to refuse others for them. */
  private static final int APPENDS_MAX = 64;

  /** The longest replay takes some seconds. */
  private static final long APPEND_MILLIS_MAX = 120_000;

  private final SearchGate appends = new SearchGate(APPENDS_MAX, APPEND_MILLIS_MAX);
  private final RoutingPorts ports;
  private final Inboxes inboxes;

  public InboxReplays(RoutingPorts ports, Inboxes inboxes) {
    this.ports = ports;
    this.inboxes = inboxes;
    ports
        .metrics()
        .gauge(
            "limpet.retained.appends.waiting",
            "Messages that wait until an inbox has the retained ones before them",
            inboxes::waiting);
    ports
        .metrics()
        .gauge(
            "limpet.retained.replays.waiting",
            "Replays of retained messages that wait to be appended to an inbox",
            appends::waiting);
  }

  /** {@link Inboxes#begin}. */
  InboxReplay begin(ClientId clientId, Subscription subscription) {
    return inboxes.begin(clientId, subscription);
  }

  /** Ends a replay that brings nothing. */
  void abandon(InboxReplay replay) {
    inboxes.end(replay);
  }

  /**
   * Appends the publications found, then those held back, and ends the replay.
   *
   * @param lane for the pages
   * @return fails as a page does
   */
  CompletableFuture<Void> fill(
      InboxReplay replay, List<Publication> found, Watermarks line, Lane lane) {
    inboxes.found(replay, found, line);
    if (found.isEmpty()) {
      inboxes.end(replay);
      return Routed.AT_ONCE;
    }
    return appends
        .enter(() -> inboxes.send(replay, lane))
        .handleAsync(
            (nothing, failure) -> {
              if (inboxes.end(replay) || failure != null) {
                ports.metrics().replayCut();
              }
              wakeReader(replay.clientId());
              if (failure != null) {
                throw new CompletionException(failure);
              }
              return null;
            },
            lane.soonest());
  }

  /** The client may have gone on from another node, of which only its home knows. */
  private void wakeReader(ClientId clientId) {
    Membership membership = ports.membership();
    NodeId home = membership.homeOf(clientId);
    if (!home.equals(membership.self())) {
      var unused = ports.peers().index(home, clientId);
    }
  }
}
