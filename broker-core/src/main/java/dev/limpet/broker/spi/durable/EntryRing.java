package dev.limpet.broker.spi.durable;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores deliveries by their sequence, which rises by one: an array instead of a tree. A removal
 * from the middle leaves a hole until all entries before it are gone.
 *
 * <p>Confined to its inbox.
 */
final class EntryRing {
  private static final int LENGTH_MIN = 4;
  private static final int SLOT_BYTES = 4;

  private @Nullable StoredDelivery[] slots = new StoredDelivery[LENGTH_MIN];

  /** The lowest sequence that may be there. */
  private long first;

  /** The sequence behind the highest one. */
  private long end;

  private int count;

  /** Adds a delivery behind all others. */
  void add(long sequence, StoredDelivery delivery) {
    if (count == 0) {
      first = sequence;
    }
    if (sequence - first >= slots.length) {
      resize(Math.toIntExact(Long.highestOneBit(sequence - first) << 1));
    }
    end = sequence + 1; // not before: a resize would copy slots into the gap
    slots[slot(sequence)] = delivery;
    count++;
  }

  @Nullable StoredDelivery get(long sequence) {
    return sequence < first || sequence >= end ? null : slots[slot(sequence)];
  }

  @Nullable StoredDelivery remove(long sequence) {
    StoredDelivery gone = get(sequence);
    if (gone == null) {
      return null;
    }
    slots[slot(sequence)] = null;
    count--;
    while (first < end && slots[slot(first)] == null) {
      first++;
    }
    if (slots.length > LENGTH_MIN && end - first <= slots.length / 4) {
      resize(Math.max(LENGTH_MIN, slots.length / 2));
    }
    return gone;
  }

  private void resize(int length) {
    @Nullable StoredDelivery[] old = slots;
    slots = new StoredDelivery[length];
    for (long sequence = first; sequence < end; sequence++) {
      StoredDelivery delivery = old[(int) sequence & (old.length - 1)];
      if (delivery != null) {
        slots[slot(sequence)] = delivery;
      }
    }
  }

  private int slot(long sequence) {
    return (int) sequence & (slots.length - 1);
  }

  /** The lowest sequence above one; {@link Long#MAX_VALUE} when there is none. */
  long after(long sequence) {
    for (long next = Math.max(first, sequence + 1); next < end; next++) {
      if (slots[slot(next)] != null) {
        return next;
      }
    }
    return Long.MAX_VALUE;
  }

  /** The highest sequence; 0 when there is none. */
  long last() {
    for (long last = end - 1; count > 0 && last >= first; last--) {
      if (slots[slot(last)] != null) {
        return last;
      }
    }
    return 0;
  }

  /** Visits all in order; the visitor changes nothing. */
  void forEach(ObjLongConsumer<StoredDelivery> visitor) {
    for (long sequence = after(0); sequence != Long.MAX_VALUE; sequence = after(sequence)) {
      visitor.accept(slots[slot(sequence)], sequence);
    }
  }

  int size() {
    return count;
  }

  int heapBytes() {
    return slots.length * SLOT_BYTES;
  }
}
