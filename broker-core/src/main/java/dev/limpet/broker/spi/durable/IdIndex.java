package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.PublicationId;

/**
 * Finds the sequence of a delivery in a ring by its id: an open-addressing hash table of sequences,
 * four bytes a slot, that compares ids in the ring.
 *
 * <p>Confined to its inbox.
 */
final class IdIndex {
  private static final int LENGTH_MIN = 8;
  private static final int SLOT_BYTES = 4;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final EntryRing ring;

  /** The low halves of sequences; 0 for none, which no sequence ends in. */
  private int[] slots = new int[LENGTH_MIN];

  private int count;

  /**
   * @param ring holds the entries of this index, and no two sequences with the same low half
   */
  IdIndex(EntryRing ring) {
    this.ring = ring;
  }

  /** Whether a sequence can be in an index. */
  static boolean takes(long sequence) {
    return (int) sequence != 0;
  }

  /** The sequence of a delivery; 0 when it is not there. */
  long find(PublicationId id, long near) {
    for (int slot = home(id); slots[slot] != 0; slot = next(slot)) {
      long sequence = whole(slots[slot], near);
      StoredDelivery there = ring.get(sequence);
      if (there != null && there.id().equals(id)) {
        return sequence;
      }
    }
    return 0;
  }

  /** Adds one that is not there, and is in the ring. */
  void add(PublicationId id, long sequence) {
    if (3 * (count + 1) > 2 * slots.length) {
      resize(2 * slots.length, sequence);
    }
    put(id, sequence);
    count++;
  }

  private void put(PublicationId id, long sequence) {
    int slot = home(id);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = (int) sequence;
  }

  /** Takes one out that is there, and still in the ring. */
  void remove(PublicationId id, long sequence) {
    int slot = home(id);
    while (slots[slot] != (int) sequence) {
      slot = next(slot);
    }
    close(slot, sequence);
    count--;
    if (slots.length > LENGTH_MIN && 8 * count < slots.length) {
      resize(slots.length / 2, sequence);
    }
  }

  /** Fills a gap from behind, so that no search ends too early. */
  private void close(int freed, long near) {
    int gap = freed;
    for (int slot = next(gap); slots[slot] != 0; slot = next(slot)) {
      int home = home(ring.get(whole(slots[slot], near)).id());
      boolean mayMove = gap <= slot ? home <= gap || home > slot : home <= gap && home > slot;
      if (mayMove) {
        slots[gap] = slots[slot];
        gap = slot;
      }
    }
    slots[gap] = 0;
  }

  private void resize(int length, long near) {
    int[] old = slots;
    slots = new int[length];
    for (int low : old) {
      if (low != 0) {
        long sequence = whole(low, near);
        put(ring.get(sequence).id(), sequence);
      }
    }
  }

  /** Sequences of one inbox lie within less than 2^31 of each other. */
  private static long whole(int low, long near) {
    return near + (low - (int) near);
  }

  private int home(PublicationId id) {
    long hash = (id.origin() ^ id.sequence() * MIX) * MIX;
    return (int) (hash >>> 33) & (slots.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  int heapBytes() {
    return slots.length * SLOT_BYTES;
  }
}
