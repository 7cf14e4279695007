package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps retained publications on the heap, indexed by topic.
 *
 * <p>Thread-safe: changes take turns on this object's lock, each for some microseconds; searches
 * take it only to remove expired publications. Every stage is complete when it is returned.
 */
public final class HeapRetainedStore implements RetainedStore {
  /** Publications checked for expiry, or removed, in one call. */
  private static final int LOOKED_AT_MAX = 1_000;

  private final TopicIndex<Publication> index = new TopicIndex<>();
  private final LongAdder overflowDropped = new LongAdder();
  private final int topicsMax;
  private final long bytesMax;
  private final LongSupplier wallMillis;
  private volatile long bytes;

  /** How many can expire. */
  private int mortal;

  /** The topic up to which a full store was last looked through for expired ones. */
  private String lookedAt = "";

  /**
   * @param topicsMax most topics with a retained publication; one more is not retained, and counted
   * @param bytesMax most bytes of all; publications that do not fit are counted, not retained
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
      count(index.remove(topic), -1);
    } else if (fits(publication) || makeRoom(nowMillis) && fits(publication)) {
      count(index.put(topic, publication), -1);
      count(publication, 1);
    } else {
      overflowDropped.increment();
    }
    return completedFuture(null);
  }

  private boolean fits(Publication publication) {
    Publication before = index.get(publication.topic().value());
    long more = (long) publication.bytes() - (before == null ? 0 : before.bytes());
    return (before != null || index.size() < topicsMax) && bytes + more <= bytesMax;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  private void count(@Nullable Publication publication, int sign) {
    if (publication != null) {
      bytes += (long) sign * publication.bytes();
      mortal += publication.expiresAtMillis() == Publication.NEVER ? 0 : sign;
    }
  }

  /** Removes expired publications among the next few topics, so that no call takes long. */
  private boolean makeRoom(long nowMillis) {
    if (mortal == 0) {
      return false;
    }
    List<Publication> next = index.after(lookedAt, LOOKED_AT_MAX);
    lookedAt = next.size() < LOOKED_AT_MAX ? "" : next.get(LOOKED_AT_MAX - 1).topic().value();
    List<Publication> over = next.stream().filter(each -> each.isExpired(nowMillis)).toList();
    over.forEach(each -> count(index.remove(each.topic().value()), -1));
    return !over.isEmpty();
  }

  @Override
  public StoreUsage usage() {
    return new StoreUsage(index.size(), bytes);
  }

  @Override
  public CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax) {
    long nowMillis = wallMillis.getAsLong();
    List<Publication> expired = new ArrayList<>();
    List<Publication> found =
        index.search(
            filter,
            publication -> {
              boolean over = publication.isExpired(nowMillis);
              if (over && expired.size() < LOOKED_AT_MAX) {
                expired.add(publication);
              }
              return !over;
            },
            messagesMax);
    expired.forEach(each -> forget(each.topic().value(), nowMillis));
    return completedFuture(found);
  }

  /** Removes a publication found expired, unless a newer one has replaced it. */
  private synchronized void forget(String topic, long nowMillis) {
    Publication there = index.get(topic);
    if (there != null && there.isExpired(nowMillis)) {
      count(index.remove(topic), -1);
    }
  }
}
