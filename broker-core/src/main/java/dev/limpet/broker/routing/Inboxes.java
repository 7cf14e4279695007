package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.InboxTarget;
import dev.limpet.broker.spi.SessionStore;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Appends to the inboxes at home here, and brings replays of retained publications there page by
 * page. What is published while a replay is under way comes behind the retained one of its topic,
 * as it would if all had been appended at once.
 *
 * <p>Thread-safe.
 */
final class Inboxes {
  private final SessionStore sessions;
  private final PublicationIds ids;
  private final ConcurrentMap<ClientId, List<InboxReplay>> underWay = new ConcurrentHashMap<>();

  Inboxes(SessionStore sessions, PublicationIds ids) {
    this.sessions = sessions;
    this.ids = ids;
  }

  /** {@code SessionStore.append}. */
  CompletableFuture<Void> append(Publication publication, List<InboxTarget> targets) {
    if (!underWay.isEmpty()) {
      for (InboxTarget target : targets) {
        goFirst(target.clientId(), publication.topic());
      }
    }
    return sessions.append(publication, targets).toCompletableFuture();
  }

  private void goFirst(ClientId clientId, TopicName topic) {
    for (InboxReplay replay : underWay.getOrDefault(clientId, List.of())) {
      replay.goFirst(topic);
    }
  }

  /**
   * Holds a replay's place among what is appended from now on, until its {@link #end}. What is left
   * of an earlier one of the same subscription is not brought twice.
   *
   * @param retained not empty, one for each topic
   */
  InboxReplay begin(ClientId clientId, Subscription subscription, List<Publication> retained) {
    InboxReplay replay = new InboxReplay(sessions, ids, clientId, subscription);
    retained.forEach(replay::add);
    for (InboxReplay earlier : underWay.getOrDefault(clientId, List.of())) {
      if (earlier.filter().equals(subscription.filter())) {
        earlier.drop();
      }
    }
    underWay.merge(clientId, List.of(replay), Inboxes::joined);
    return replay;
  }

  private static List<InboxReplay> joined(List<InboxReplay> some, List<InboxReplay> more) {
    List<InboxReplay> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /**
   * Appends what is left of a replay, a page with each turn of a lane: others of the lane are
   * looked at in between, and a store that is slow is not asked for more.
   *
   * @return fails as a page does
   */
  CompletableFuture<Void> send(InboxReplay replay, Lane lane) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    lane.run(() -> sendPage(replay, lane, sent));
    return sent;
  }

  private void sendPage(InboxReplay replay, Lane lane, CompletableFuture<Void> sent) {
    var unused =
        replay
            .page()
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    sent.completeExceptionally(failure);
                  } else if (replay.isEmpty()) {
                    sent.complete(null);
                  } else {
                    // Not executed: tasks go on for long before sockets are read.
                    lane.schedule(() -> sendPage(replay, lane, sent), 0);
                  }
                });
  }

  /**
   * Forgets a replay.
   *
   * @return whether something was left that its inbox does not get now
   */
  boolean end(InboxReplay replay) {
    underWay.computeIfPresent(
        replay.clientId(),
        (id, replays) -> {
          List<InboxReplay> others = replays.stream().filter(each -> each != replay).toList();
          return others.isEmpty() ? null : others;
        });
    return replay.drop();
  }
}
