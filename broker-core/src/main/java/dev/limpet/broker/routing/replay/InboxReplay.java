package dev.limpet.broker.routing.replay;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Holds the retained publications of one durable subscription that its inbox does not have yet. It
 * continues when the client disconnects: the subscription belongs to the session.
 *
 * <p>Guarded by the lock of its {@link ReplayingInbox}.
 */
final class InboxReplay {
  /** A page keeps a lane, and the thread of a store's partition, for about a millisecond. */
  private static final int PAGE_MESSAGES_MAX = 256;

  /** The same for large payloads; but for the first of a page. */
  private static final int PAGE_BYTES_MAX = 1 << 18;

  private final SessionStore sessions;
  private final PublicationIds ids;
  private final ClientId clientId;
  private final Subscription subscription;
  private final Map<TopicName, Publication> left = new LinkedHashMap<>();

  /** Publications waiting for the search, by topic: the number of each origin's first one. */
  private @Nullable Map<TopicName, Map<Long, Long>> firstWaiting = new HashMap<>();

  InboxReplay(
      SessionStore sessions, PublicationIds ids, ClientId clientId, Subscription subscription) {
    this.sessions = sessions;
    this.ids = ids;
    this.clientId = clientId;
    this.subscription = subscription;
  }

  ClientId clientId() {
    return clientId;
  }

  boolean isOf(SharedFilter filter) {
    return subscription.filter().equals(filter);
  }

  SharedFilter filter() {
    return subscription.filter();
  }

  /** Whether its publications are not known yet. */
  boolean isSearching() {
    return firstWaiting != null;
  }

  /** The same for one topic. */
  boolean isSearching(TopicName topic) {
    return isSearching() && subscription.filter().filter().matches(topic);
  }

  /** The same for something that was published, which then waits. */
  boolean mustWait(Publication publication) {
    if (firstWaiting == null || !isSearching(publication.topic())) {
      return false;
    }
    firstWaiting
        .computeIfAbsent(publication.topic(), topic -> new HashMap<>(2))
        .merge(publication.id().origin(), publication.id().sequence(), Math::min);
    return true;
  }

  /** Takes the retained publications found, except those the inbox gets anyway as newer ones. */
  void found(List<Publication> retained, Watermarks line) {
    for (Publication each : retained) {
      if (!line.isBefore(each.id()) && !waits(each)) {
        left.put(each.topic(), each);
      }
    }
    firstWaiting = null;
  }

  private boolean waits(Publication retained) {
    Map<Long, Long> first = firstWaiting == null ? null : firstWaiting.get(retained.topic());
    return first != null
        && first.getOrDefault(retained.id().origin(), Long.MAX_VALUE) <= retained.id().sequence();
  }

  /** Where a page ends that begins at {@code from}. */
  static int endOfPage(List<Publication> retained, int from) {
    int to = from;
    int bytes = 0;
    while (to < retained.size() && to - from < PAGE_MESSAGES_MAX && bytes < PAGE_BYTES_MAX) {
      bytes += retained.get(to++).bytes();
    }
    return to;
  }

  /** Whether more is left than is appended at once. */
  boolean isLong() {
    return left.size() > PAGE_MESSAGES_MAX;
  }

  boolean isEmpty() {
    return left.isEmpty();
  }

  /** Forgets the rest; false when nothing was left. */
  boolean drop() {
    boolean some = !left.isEmpty();
    left.clear();
    return some;
  }

  /** Appends the next ones. */
  CompletionStage<Void> page() {
    List<Delivery> page = new ArrayList<>(Math.min(left.size(), PAGE_MESSAGES_MAX));
    int bytes = 0;
    Iterator<Publication> next = left.values().iterator();
    while (next.hasNext() && page.size() < PAGE_MESSAGES_MAX && bytes < PAGE_BYTES_MAX) {
      Publication retained = next.next();
      next.remove();
      page.add(delivery(retained));
      bytes += retained.bytes();
    }
    return page.isEmpty()
        ? Routed.AT_ONCE // all of the last ones had to go first
        : sessions.replay(clientId, filter(), page);
  }

  /** Something newer is about to be appended: the retained one of its topic comes before. */
  void goFirst(TopicName topic) {
    Publication retained = left.remove(topic);
    if (retained != null) {
      var unused = sessions.replay(clientId, filter(), List.of(delivery(retained)));
    }
  }

  /** Makes a delivery under a new id, or the inbox would drop it as a duplicate. */
  private Delivery delivery(Publication p) {
    Publication copy =
        new Publication(
            ids.next(),
            p.publisher(),
            p.topic(),
            p.payload(),
            p.qos(),
            p.retain(),
            p.expiresAtMillis(),
            p.properties());
    return Delivery.replayed(copy, subscription);
  }
}
