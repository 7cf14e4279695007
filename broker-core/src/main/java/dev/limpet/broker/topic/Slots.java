package dev.limpet.broker.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table with open addressing. One writer at a time (its caller's lock sees to that), any
 * number of readers without a lock: an item never moves within the table, and each change is one
 * store to one slot. A table that is full is left as it is and replaced by a larger one.
 */
final class Slots {
  private static final Object REMOVED = new Object();
  private static final int CAPACITY_MIN = 32;

  private final AtomicReferenceArray<@Nullable Object> slots;
  private final int shift;
  private int used;
  private int live;

  private Slots(int capacity) {
    slots = new AtomicReferenceArray<>(capacity);
    shift = Integer.SIZE - Integer.numberOfTrailingZeros(capacity);
  }

  /** A table of these items, all different, and room for more. */
  static Slots of(Object[] items) {
    Slots table = new Slots(CAPACITY_MIN);
    for (Object item : items) {
      table.put(item);
    }
    return table;
  }

  /**
   * Adds an item that is not in it; returns the table that holds all, this one or its successor.
   */
  Slots with(Object item) {
    // At most three quarters in use, so that a search for what is not there ends soon.
    Slots table = (used + 1) * 4 > slots.length() * 3 ? rebuilt() : this;
    table.put(item);
    return table;
  }

  /** Removes the item that is in it; returns the table that holds the rest. */
  Slots without(Object item) {
    slots.set(indexOf(item), REMOVED);
    live--;
    return live * 8 < slots.length() && slots.length() > CAPACITY_MIN ? rebuilt() : this;
  }

  /** Puts an item of the same hash in the place of one that is in it. */
  void replace(Object old, Object next) {
    slots.set(indexOf(old), next);
  }

  /** Items in it; only the writer may ask. */
  int live() {
    return live;
  }

  /** All items; only the writer may ask. */
  Object[] items() {
    List<Object> items = new ArrayList<>(live);
    forEach(items::add);
    return items.toArray();
  }

  boolean contains(Object item) {
    return indexOf(item) >= 0;
  }

  /** The node that starts with the level in {@code text} from {@code from} to {@code end}. */
  @Nullable TreeNode node(String text, int from, int end, int hash) {
    int mask = slots.length() - 1;
    for (int i = start(hash); ; i = (i + 1) & mask) {
      Object found = slots.get(i);
      if (found == null) {
        return null;
      }
      if (found instanceof TreeNode node && node.startsWith(text, from, end, hash)) {
        return node;
      }
    }
  }

  void forEach(Consumer<Object> visitor) {
    for (int i = 0; i < slots.length(); i++) {
      Object item = slots.get(i);
      if (item != null && item != REMOVED) {
        visitor.accept(item);
      }
    }
  }

  private int indexOf(Object item) {
    int mask = slots.length() - 1;
    for (int i = start(item.hashCode()); ; i = (i + 1) & mask) {
      Object found = slots.get(i);
      if (found == null) {
        return -1;
      }
      if (found.equals(item)) {
        return i;
      }
    }
  }

  private Slots rebuilt() {
    int capacity = Math.max(CAPACITY_MIN, Integer.highestOneBit(live * 2) * 2);
    Slots next = new Slots(capacity);
    forEach(next::put);
    return next;
  }

  private void put(Object item) {
    int mask = slots.length() - 1;
    int i = start(item.hashCode());
    while (slots.get(i) != null) {
      i = (i + 1) & mask;
    }
    slots.set(i, item);
    used++;
    live++;
  }

  private int start(int hash) {
    return (hash * 0x9E37_79B9) >>> shift;
  }
}
