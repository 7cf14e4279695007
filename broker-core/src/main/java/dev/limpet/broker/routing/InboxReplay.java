package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.SessionStore;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What one subscription of a durable session brings of retained publications and its inbox has not
 * got yet. It goes on when the client leaves: what it subscribed to is its session's.
 *
 * <p>Thread-safe: guarded by its own lock, under which pages are handed to the store, too, so that
 * nobody comes between. That takes less than a millisecond.
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

  SharedFilter filter() {
    return subscription.filter();
  }

  synchronized void add(Publication retained) {
    left.put(retained.topic(), retained);
  }

  synchronized boolean isEmpty() {
    return left.isEmpty();
  }

  /** Forgets what is left; false when nothing was. */
  synchronized boolean drop() {
    boolean some = !left.isEmpty();
    left.clear();
    return some;
  }

  /** Appends the next ones. */
  synchronized CompletionStage<Void> page() {
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
  synchronized void goFirst(TopicName topic) {
    Publication retained = left.remove(topic);
    if (retained != null) {
      var unused = sessions.replay(clientId, filter(), List.of(delivery(retained)));
    }
  }

  /** Under a new id, or the inbox would drop what it got when it was published. */
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
