package dev.limpet.broker.routing.replay;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Appends to the inboxes at home here, and brings replays of retained publications there page by
 * page.
 *
 * <p>Thread-safe.
 */
public final class Inboxes {
  private final SessionStore sessions;
  private final PublicationIds ids;
  private final ConcurrentMap<ClientId, ReplayingInbox> replaying = new ConcurrentHashMap<>();

  public Inboxes(SessionStore sessions, PublicationIds ids) {
    this.sessions = sessions;
    this.ids = ids;
  }

  /** Performs {@code SessionStore.append}, behind replays in progress. */
  public CompletableFuture<Void> append(Publication publication, List<InboxTarget> targets) {
    if (replaying.isEmpty()) {
      return sessions.append(publication, targets).toCompletableFuture();
    }
    List<InboxTarget> others = new ArrayList<>(targets.size());
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (InboxTarget target : targets) {
      ReplayingInbox inbox = replaying.get(target.clientId());
      if (inbox == null) {
        others.add(target);
      } else {
        parts.add(inbox.append(publication, target));
      }
    }
    if (!others.isEmpty()) {
      parts.add(sessions.append(publication, others).toCompletableFuture());
    }
    return Stages.all(parts);
  }

  /**
   * Holds a replay's place among appends from now on, until its {@link #end}: publications that
   * match the subscription wait until {@link #found} delivers the replay's. Call before the
   * subscription is announced.
   */
  InboxReplay begin(ClientId clientId, Subscription subscription) {
    InboxReplay replay = new InboxReplay(sessions, ids, clientId, subscription);
    replaying.compute(
        clientId,
        (id, there) -> {
          ReplayingInbox inbox = there == null ? new ReplayingInbox(sessions) : there;
          inbox.begin(replay);
          return inbox;
        });
    return replay;
  }

  /** {@link ReplayingInbox#found}. */
  void found(InboxReplay replay, List<Publication> retained, Watermarks line) {
    inbox(replay).found(replay, retained, line);
  }

  /**
   * Appends the rest of a replay, one page per turn of a lane: other work of the lane runs in
   * between, and a slow store is not asked for more.
   *
   * @return fails as a page does
   */
  CompletableFuture<Void> send(InboxReplay replay, Lane lane) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    lane.run(() -> sendPage(replay, lane, sent));
    return sent;
  }

  private void sendPage(InboxReplay replay, Lane lane, CompletableFuture<Void> sent) {
    ReplayingInbox inbox = inbox(replay);
    var unused =
        inbox
            .page(replay)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    sent.completeExceptionally(failure);
                  } else if (inbox.isDone(replay)) {
                    sent.complete(null);
                  } else {
                    // Not executed: a lane runs many tasks before it reads sockets.
                    lane.schedule(() -> sendPage(replay, lane, sent), 0);
                  }
                });
  }

  /**
   * Forgets a replay. Once.
   *
   * @return whether something was left that its inbox does not get now
   */
  boolean end(InboxReplay replay) {
    boolean cut = inbox(replay).end(replay);
    replaying.computeIfPresent(replay.clientId(), (id, inbox) -> inbox.isIdle() ? null : inbox);
    return cut;
  }

  /** Publications that wait behind replays. */
  int waiting() {
    return replaying.values().stream().mapToInt(ReplayingInbox::waiting).sum();
  }

  /** There as long as the replay has not ended. */
  private ReplayingInbox inbox(InboxReplay replay) {
    ReplayingInbox inbox = replaying.get(replay.clientId());
    if (inbox == null) {
      throw new IllegalStateException("a replay of " + replay.clientId() + " has ended");
    }
    return inbox;
  }
}
