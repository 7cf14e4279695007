package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.InboxEntry;
import dev.limpet.broker.spi.InboxSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ordered deliveries a session has not acknowledged, and which publications it has seen.
 *
 * <p>Confined to its session.
 */
final class Inbox {
  private final TreeMap<Long, Delivery> entries = new TreeMap<>();

  /** Sequence of each publication in {@link #entries}. */
  private final Map<PublicationId, Long> held = new HashMap<>();

  private final Set<Long> released = new LinkedHashSet<>();
  private final RecentIds recent = new RecentIds();
  private long nextSequence;
  private long bytes;

  /** Of {@link #entries}, what subscriptions brought of retained publications. */
  private int replayed;

  /** Of {@link #bytes}. */
  private long replayedBytes;

  /**
   * No entry expires before; a full inbox is searched for expired ones only when it is worth it.
   */
  private long earliestExpiryMillis = Publication.NEVER;

  Inbox(long nextSequence) {
    this.nextSequence = nextSequence;
  }

  /**
   * @return the sequence; the negative sequence of a publication that is held already; {@link
   *     AppendResult#SKIPPED} or {@link AppendResult#OVERFLOW}
   */
  long append(Delivery delivery, InboxLimits limits) {
    PublicationId id = delivery.id();
    Long known = held.get(id);
    if (known != null) {
      return -known;
    }
    if (recent.contains(id)) {
      return AppendResult.SKIPPED;
    }
    if (!fits(delivery, limits)) {
      return AppendResult.OVERFLOW;
    }
    long sequence = nextSequence++;
    put(sequence, delivery);
    return sequence;
  }

  /** Whether a delivery is in it, or was lately. */
  boolean knows(PublicationId delivery) {
    return held.containsKey(delivery) || recent.contains(delivery);
  }

  private boolean fits(Delivery delivery, InboxLimits limits) {
    if (delivery.replayed()) {
      return replayed < InboxLimits.REPLAYED_MAX;
    }
    long others = bytes - replayedBytes + delivery.publication().bytes();
    return entries.size() - replayed < limits.inboxMessagesMax()
        && others <= limits.inboxBytesMax();
  }

  /**
   * Forgets what expired before it was ever sent.
   *
   * @return whether there is more room now
   */
  boolean dropExpired(long nowMillis, long sentThrough) {
    if (nowMillis < earliestExpiryMillis) {
      return false;
    }
    List<Long> expired = new ArrayList<>();
    earliestExpiryMillis = Publication.NEVER;
    entries.forEach(
        (sequence, delivery) -> {
          boolean isOver = delivery.publication().isExpired(nowMillis);
          if (isOver && sequence > sentThrough) {
            expired.add(sequence);
          } else if (!isOver) {
            noteExpiry(delivery);
          }
        });
    expired.forEach(this::remove);
    return !expired.isEmpty();
  }

  private void noteExpiry(Delivery delivery) {
    earliestExpiryMillis = Math.min(earliestExpiryMillis, delivery.publication().expiresAtMillis());
  }

  private void put(long sequence, Delivery delivery) {
    entries.put(sequence, delivery);
    noteExpiry(delivery);
    held.put(delivery.id(), sequence);
    count(delivery, 1);
  }

  void acknowledge(long sequence) {
    remove(sequence);
  }

  /** Forgets the payload and keeps the sequence; one that is not in the inbox changes nothing. */
  void release(long sequence) {
    if (remove(sequence)) {
      released.add(sequence);
    }
  }

  void complete(long sequence) {
    remove(sequence);
    released.remove(sequence);
  }

  private boolean remove(long sequence) {
    Delivery delivery = entries.remove(sequence);
    if (delivery == null) {
      return false;
    }
    PublicationId id = delivery.id();
    held.remove(id);
    recent.add(id);
    count(delivery, -1);
    return true;
  }

  private void count(Delivery delivery, int sign) {
    long size = (long) sign * delivery.publication().bytes();
    bytes += size;
    if (delivery.replayed()) {
      replayed += sign;
      replayedBytes += size;
    }
  }

  InboxSlice read(long afterSequence, int messagesMax, long bytesMax, long sentThrough) {
    List<InboxEntry> slice = new ArrayList<>();
    long sliceBytes = 0;
    for (Map.Entry<Long, Delivery> entry : entries.tailMap(afterSequence, false).entrySet()) {
      sliceBytes += entry.getValue().publication().bytes();
      if (slice.size() >= messagesMax || (!slice.isEmpty() && sliceBytes > bytesMax)) {
        return new InboxSlice(slice, true, sentThrough);
      }
      slice.add(new InboxEntry(entry.getKey(), entry.getValue()));
    }
    return new InboxSlice(slice, false, sentThrough);
  }

  @Nullable Delivery get(long sequence) {
    return entries.get(sequence);
  }

  int messages() {
    return entries.size();
  }

  long bytes() {
    return bytes;
  }

  int depth() {
    return entries.size() + released.size();
  }

  long nextSequence() {
    return nextSequence;
  }

  List<Long> released() {
    return List.copyOf(released);
  }

  InboxState state() {
    List<InboxEntry> all = new ArrayList<>(entries.size());
    entries.forEach((sequence, delivery) -> all.add(new InboxEntry(sequence, delivery)));
    return new InboxState(nextSequence, all, released(), recent.toList());
  }

  static Inbox of(InboxState state) {
    Inbox inbox = new Inbox(state.nextSequence());
    state.entries().forEach(entry -> inbox.put(entry.sequence(), entry.delivery()));
    inbox.released.addAll(state.released());
    state.recent().forEach(inbox.recent::add);
    return inbox;
  }
}
