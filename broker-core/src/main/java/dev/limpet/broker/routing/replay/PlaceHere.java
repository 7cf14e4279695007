package dev.limpet.broker.routing.replay;

import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.Routed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reserves a place in an inbox at home here; without a home, nothing is held back. */
final class PlaceHere implements InboxPlace {
  private final InboxReplays inboxes;
  private final Subscriber subscriber;
  private @Nullable InboxReplay replay;

  PlaceHere(InboxReplays inboxes, Subscriber subscriber, Subscription subscription) {
    this.inboxes = inboxes;
    this.subscriber = subscriber;
    this.replay = inboxes.begin(subscriber.clientId(), subscription);
  }

  @Override
  public CompletableFuture<Void> held() {
    return Routed.AT_ONCE;
  }

  /** The host's line is the home's. */
  @Override
  public CompletableFuture<Void> drawn() {
    return Routed.AT_ONCE;
  }

  @Override
  public CompletableFuture<Void> fill(List<Publication> found, Watermarks line) {
    InboxReplay begun = replay;
    replay = null;
    return begun == null ? Routed.AT_ONCE : inboxes.fill(begun, found, line, subscriber.lane());
  }

  @Override
  public void abandon() {
    InboxReplay begun = replay;
    replay = null;
    if (begun != null) {
      inboxes.abandon(begun);
    }
  }
}
