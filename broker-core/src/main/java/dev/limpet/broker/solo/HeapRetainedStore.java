package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Retained publications on the heap, sorted by topic, so that the text before a filter's first
 * wildcard narrows the search.
 *
 * <p>Thread-safe: this object's lock guards the map. Every stage is complete when it is returned.
 */
public final class HeapRetainedStore implements RetainedStore {
  private final NavigableMap<TopicName, Publication> byTopic = new TreeMap<>();
  private final LongAdder overflowDropped = new LongAdder();
  private final int topicsMax;
  private final LongSupplier wallMillis;

  /**
   * @param topicsMax most topics with a retained publication; one more is not retained, and counted
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public HeapRetainedStore(int topicsMax, LongSupplier wallMillis) {
    this.topicsMax = topicsMax;
    this.wallMillis = wallMillis;
  }

  /** How many publications were not retained because there were too many topics. */
  public long overflowDropped() {
    return overflowDropped.sum();
  }

  @Override
  public synchronized CompletionStage<Void> retain(Publication publication) {
    TopicName topic = publication.topic();
    long nowMillis = wallMillis.getAsLong();
    if (publication.payload().length() == 0 || publication.isExpired(nowMillis)) {
      byTopic.remove(topic);
    } else if (byTopic.size() < topicsMax || byTopic.containsKey(topic) || makeRoom(nowMillis)) {
      byTopic.put(topic, publication);
    } else {
      overflowDropped.increment();
    }
    return completedFuture(null);
  }

  private boolean makeRoom(long nowMillis) {
    return byTopic.values().removeIf(publication -> publication.isExpired(nowMillis));
  }

  @Override
  public synchronized CompletionStage<List<Publication>> match(
      TopicFilter filter, int messagesMax) {
    String prefix = literalPrefix(filter.value());
    NavigableMap<TopicName, Publication> candidates =
        prefix.isEmpty() ? byTopic : byTopic.tailMap(TopicName.of(prefix), true);
    long nowMillis = wallMillis.getAsLong();
    List<Publication> found = new ArrayList<>();
    var publications = candidates.values().iterator();
    while (publications.hasNext() && found.size() < messagesMax) {
      Publication publication = publications.next();
      if (!publication.topic().value().startsWith(prefix)) {
        break;
      }
      if (publication.isExpired(nowMillis)) {
        publications.remove();
      } else if (filter.matches(publication.topic())) {
        found.add(publication);
      }
    }
    return completedFuture(found);
  }

  /** What every matching topic starts with: "sport/#" also matches "sport". */
  private static String literalPrefix(String filter) {
    if (filter.endsWith("/#")) {
      return literalPrefix(filter.substring(0, filter.length() - 2));
    }
    int plus = filter.indexOf('+');
    return filter.equals("#") ? "" : plus < 0 ? filter : filter.substring(0, plus);
  }
}
