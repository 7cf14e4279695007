package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.topic.FilterSeek;
import dev.limpet.broker.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Retained publications on the heap, sorted by topic, so that a search leaps from match to match.
 *
 * <p>Thread-safe: this object's lock guards the map. Every stage is complete when it is returned.
 */
public final class HeapRetainedStore implements RetainedStore {
  private final NavigableMap<String, Publication> byTopic = new TreeMap<>();
  private final LongAdder overflowDropped = new LongAdder();
  private final int topicsMax;
  private final long bytesMax;
  private final LongSupplier wallMillis;
  private long bytes;

  /** None expires before; a full store is searched for expired ones only when it is worth it. */
  private long earliestExpiryMillis = Publication.NEVER;

  /**
   * @param topicsMax most topics with a retained publication; one more is not retained, and counted
   * @param bytesMax most bytes of them all; what does not fit is not retained, and counted
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public HeapRetainedStore(int topicsMax, long bytesMax, LongSupplier wallMillis) {
    this.topicsMax = topicsMax;
    this.bytesMax = bytesMax;
    this.wallMillis = wallMillis;
  }

  /** How many publications were not retained because there were too many topics. */
  public long overflowDropped() {
    return overflowDropped.sum();
  }

  @Override
  public synchronized CompletionStage<Void> retain(Publication publication) {
    String topic = publication.topic().value();
    long nowMillis = wallMillis.getAsLong();
    if (publication.payload().length() == 0 || publication.isExpired(nowMillis)) {
      forget(byTopic.remove(topic));
    } else if (fits(publication) || makeRoom(nowMillis) && fits(publication)) {
      forget(byTopic.put(topic, publication));
      bytes += publication.bytes();
      earliestExpiryMillis = Math.min(earliestExpiryMillis, publication.expiresAtMillis());
    } else {
      overflowDropped.increment();
    }
    return completedFuture(null);
  }

  private boolean fits(Publication publication) {
    Publication before = byTopic.get(publication.topic().value());
    long more = (long) publication.bytes() - (before == null ? 0 : before.bytes());
    return (before != null || byTopic.size() < topicsMax) && bytes + more <= bytesMax;
  }

  private void forget(@Nullable Publication gone) {
    bytes -= gone == null ? 0 : gone.bytes();
  }

  private boolean makeRoom(long nowMillis) {
    if (nowMillis < earliestExpiryMillis) {
      return false;
    }
    earliestExpiryMillis = Publication.NEVER;
    return byTopic.values().removeIf(publication -> isOver(publication, nowMillis));
  }

  private boolean isOver(Publication publication, long nowMillis) {
    if (publication.isExpired(nowMillis)) {
      forget(publication);
      return true;
    }
    earliestExpiryMillis = Math.min(earliestExpiryMillis, publication.expiresAtMillis());
    return false;
  }

  @Override
  public synchronized StoreUsage usage() {
    return new StoreUsage(byTopic.size(), bytes);
  }

  @Override
  public synchronized CompletionStage<List<Publication>> match(
      TopicFilter filter, int messagesMax) {
    FilterSeek seek = new FilterSeek(filter);
    long nowMillis = wallMillis.getAsLong();
    List<Publication> found = new ArrayList<>();
    for (String from = seek.first(); from != null && found.size() < messagesMax; ) {
      var entry = byTopic.ceilingEntry(from);
      if (entry == null) {
        break;
      }
      String topic = entry.getKey();
      if (entry.getValue().isExpired(nowMillis)) {
        forget(byTopic.remove(topic));
      } else if (seek.matches(topic)) {
        found.add(entry.getValue());
      }
      from = seek.after(topic);
    }
    return completedFuture(found);
  }
}
