package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds the ordered deliveries a session has not acknowledged, and the publications it has seen.
 *
 * <p>Confined to its session.
 */
final class Inbox {
  /** Of this object and the empty ones it has: measured by a test. */
  private static final int OBJECT_BYTES = 300;

  private final EntryRing entries = new EntryRing();
  private final IdIndex held = new IdIndex(entries);
  private final Set<Long> released = new LinkedHashSet<>(0);
  private final RecentIds recent = new RecentIds();
  private long nextSequence;

  /** Size of the deliveries and their publications, as if none were shared. */
  private long bytes;

  /** The same, with publications counted among those that share them. */
  private long sharedBytes;

  /** Number of {@link #entries} that are retained publications of new subscriptions. */
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
  long append(StoredDelivery delivery, InboxLimits limits) {
    PublicationId id = delivery.id();
    long known = held.find(id, nextSequence);
    if (known != 0) {
      return -known;
    }
    if (recent.contains(id)) {
      return AppendResult.SKIPPED;
    }
    if (!fits(delivery, limits)) {
      return AppendResult.OVERFLOW;
    }
    if (!IdIndex.takes(nextSequence)) {
      nextSequence++;
    }
    long sequence = nextSequence++;
    put(sequence, delivery);
    return sequence;
  }

  /** Whether a delivery is in it, or was lately. */
  boolean knows(PublicationId delivery) {
    return held.find(delivery, nextSequence) != 0 || recent.contains(delivery);
  }

  private boolean fits(StoredDelivery delivery, InboxLimits limits) {
    if (delivery.isReplayed()) {
      return replayed < InboxLimits.REPLAYED_MAX;
    }
    long others = bytes - replayedBytes + delivery.heapBytes();
    return entries.size() - replayed < limits.inboxMessagesMax()
        && others <= limits.inboxBytesMax();
  }

  /**
   * Drops deliveries that expired before they were ever sent.
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
        (delivery, sequence) -> {
          boolean isOver = delivery.isExpired(nowMillis);
          if (isOver && sequence > sentThrough) {
            expired.add(sequence);
          } else if (!isOver) {
            noteExpiry(delivery);
          }
        });
    expired.forEach(this::remove);
    return !expired.isEmpty();
  }

  private void noteExpiry(StoredDelivery delivery) {
    earliestExpiryMillis = Math.min(earliestExpiryMillis, delivery.expiresAtMillis());
  }

  private void put(long sequence, StoredDelivery delivery) {
    entries.add(sequence, delivery);
    held.add(delivery.id(), sequence);
    noteExpiry(delivery);
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
    StoredDelivery delivery = entries.get(sequence);
    if (delivery == null) {
      return false;
    }
    PublicationId id = delivery.id();
    held.remove(id, sequence);
    entries.remove(sequence);
    recent.add(id);
    count(delivery, -1);
    return true;
  }

  private void count(StoredDelivery delivery, int sign) {
    long size = (long) sign * delivery.heapBytes();
    bytes += size;
    sharedBytes += (long) sign * delivery.sharedBytes();
    if (delivery.isReplayed()) {
      replayed += sign;
      replayedBytes += size;
    }
  }

  StoredSlice read(long afterSequence, int messagesMax, long bytesMax, long sentThrough) {
    List<StoredEntry> slice = new ArrayList<>();
    long sliceBytes = 0;
    long sequence = entries.after(afterSequence);
    while (sequence != Long.MAX_VALUE) {
      StoredDelivery next = entries.get(sequence);
      sliceBytes += next.heapBytes();
      if (slice.size() >= messagesMax || (!slice.isEmpty() && sliceBytes > bytesMax)) {
        return new StoredSlice(slice, true, sentThrough);
      }
      slice.add(new StoredEntry(sequence, next));
      sequence = entries.after(sequence);
    }
    return new StoredSlice(slice, false, sentThrough);
  }

  /**
   * Removes what has left another copy of it, and appends what that one alone holds. What is only
   * released there, under the same sequence, still waits for PUBCOMP here.
   *
   * @return whether anything has changed
   */
  boolean unite(Inbox other) {
    boolean changed = false;
    for (PublicationId gone : other.recent.toList()) {
      changed |= !recent.contains(gone);
      long sequence = held.find(gone, nextSequence);
      if (sequence == 0 && !recent.contains(gone)) {
        recent.add(gone);
      } else if (other.released.contains(sequence)) {
        release(sequence);
      } else {
        remove(sequence);
      }
    }
    changed |= other.nextSequence > nextSequence;
    nextSequence = Math.max(nextSequence, other.nextSequence); // the client may know lower ones
    long firstAdded = nextSequence;
    other.entries.forEach((delivery, sequence) -> append(delivery, InboxLimits.NONE));
    return changed || nextSequence > firstAdded;
  }

  int messages() {
    return entries.size();
  }

  /** Returns its size on the heap, with its part of shared publications. */
  long heapBytes() {
    return OBJECT_BYTES
        + sharedBytes
        + entries.heapBytes()
        + held.heapBytes()
        + recent.heapBytes()
        + 64L * released.size();
  }

  int depth() {
    return entries.size() + released.size();
  }

  long nextSequence() {
    return nextSequence;
  }

  /** The highest sequence in it; 0 when it is empty. */
  long lastSequence() {
    return entries.last();
  }

  List<Long> released() {
    return List.copyOf(released);
  }

  InboxState state() {
    List<StoredEntry> all = new ArrayList<>(entries.size());
    entries.forEach((delivery, sequence) -> all.add(new StoredEntry(sequence, delivery)));
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
