package dev.limpet.broker.routing.replay;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Orders one inbox at home here while new subscriptions bring it retained publications: messages
 * published meanwhile wait for, and follow, the retained one of their topic.
 *
 * <p>Thread-safe: guarded by its own lock, which also covers handing pages and appends to the
 * store, so that no append comes between. That takes less than a millisecond. The publishers'
 * unacknowledged messages bound the queue, and the time a replay may take to begin bounds the wait.
 */
final class ReplayingInbox {
  private final SessionStore sessions;
  private final List<InboxReplay> replays = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(
      Publication publication, InboxTarget target, CompletableFuture<Void> safe) {}

  ReplayingInbox(SessionStore sessions) {
    this.sessions = sessions;
  }

  synchronized void begin(InboxReplay replay) {
    replays.add(replay);
  }

  /** Appends a publication when its turn comes. */
  synchronized CompletableFuture<Void> append(Publication publication, InboxTarget target) {
    boolean mustWait = false;
    for (InboxReplay replay : replays) {
      mustWait |= replay.mustWait(publication);
    }
    if (!mustWait) {
      return appendNow(publication, target);
    }
    CompletableFuture<Void> safe = new CompletableFuture<>();
    waiting.add(new Waiting(publication, target, safe));
    return safe;
  }

  private CompletableFuture<Void> appendNow(Publication publication, InboxTarget target) {
    for (InboxReplay replay : replays) {
      replay.goFirst(publication.topic());
    }
    return sessions.append(publication, List.of(target)).toCompletableFuture();
  }

  /**
   * Takes the publications a subscription brings. Each SUBSCRIBE brings them anew [MQTT-3.8.4-3];
   * only the rest of an earlier long replay is not appended twice.
   *
   * @param line drawn when the subscription was known everywhere and before the search
   */
  synchronized void found(InboxReplay replay, List<Publication> retained, Watermarks line) {
    for (InboxReplay earlier : replays) {
      if (!earlier.isSearching() && earlier.isOf(replay.filter()) && earlier.isLong()) {
        earlier.drop();
      }
    }
    replay.found(retained, line);
    goOn();
  }

  /** Appends the next ones of a replay. */
  synchronized CompletionStage<Void> page(InboxReplay replay) {
    return replay.page();
  }

  synchronized boolean isDone(InboxReplay replay) {
    return replay.isEmpty();
  }

  /**
   * Forgets a replay.
   *
   * @return whether something was left that the inbox does not get now
   */
  synchronized boolean end(InboxReplay replay) {
    replays.remove(replay);
    goOn();
    return replay.drop();
  }

  /** Publications that wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  synchronized boolean isIdle() {
    return replays.isEmpty();
  }

  /** Completes callers once all are on their way: their next publications come behind them. */
  private void goOn() {
    List<Waiting> ready = new ArrayList<>();
    waiting.removeIf(each -> !isSearched(each.publication().topic()) && ready.add(each));
    List<CompletableFuture<Void>> appended =
        ready.stream().map(each -> appendNow(each.publication(), each.target())).toList();
    for (int i = 0; i < ready.size(); i++) {
      Stages.forward(appended.get(i), ready.get(i).safe());
    }
  }

  private boolean isSearched(TopicName topic) {
    return replays.stream().anyMatch(replay -> replay.isSearching(topic));
  }
}
