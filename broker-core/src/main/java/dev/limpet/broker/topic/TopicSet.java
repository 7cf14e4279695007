package dev.limpet.broker.topic;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores a set of topics in few bytes each: null, the only topic itself, a row of up to 32, or a
 * tree of such sets by five bits of the hash at each depth. No set is ever changed: {@link #with}
 * and {@link #without} copy a row and its ancestors, and share the rest, so they cost about the
 * same for millions as for hundreds, and a walk sees the set as it was at one moment.
 *
 * <p>Like {@link Bag}, but compares items by identity only, and is denser: it needs no lookup by
 * topic.
 */
final class TopicSet {
  private static final int BITS = 5;
  private static final int FAN = 1 << BITS;
  private static final int ROW_MAX = 32;

  /** Here all 32 bits of a hash are used up, and rows have no bound. */
  private static final int DEPTH_LAST = 6;

  private final @Nullable Object[] children;
  private final int size;

  private TopicSet(@Nullable Object[] children, int size) {
    this.children = children;
    this.size = size;
  }

  /** The set with a topic that was not in it. */
  static Object with(@Nullable Object set, IndexedTopic topic) {
    return with(set, topic, 0);
  }

  private static Object with(@Nullable Object set, IndexedTopic topic, int depth) {
    if (set == null) {
      return topic;
    }
    if (set instanceof TopicSet tree) {
      int child = child(topic, depth);
      Object next = with(tree.children[child], topic, depth + 1);
      return new TopicSet(replaced(tree.children, child, next), tree.size + 1);
    }
    if (set instanceof IndexedTopic only) {
      return new IndexedTopic[] {only, topic};
    }
    IndexedTopic[] row = (IndexedTopic[]) set;
    if (row.length >= ROW_MAX && depth < DEPTH_LAST) {
      return with(split(row, depth), topic, depth);
    }
    IndexedTopic[] longer = Arrays.copyOf(row, row.length + 1);
    longer[row.length] = topic;
    return longer;
  }

  private static TopicSet split(IndexedTopic[] row, int depth) {
    @Nullable Object[] children = new @Nullable Object[FAN];
    for (IndexedTopic each : row) {
      int child = child(each, depth);
      children[child] = with(children[child], each, depth + 1);
    }
    return new TopicSet(children, row.length);
  }

  /** The set without a topic that was in it; null when nothing is left. */
  static @Nullable Object without(Object set, IndexedTopic topic) {
    return without(set, topic, 0);
  }

  private static @Nullable Object without(@Nullable Object set, IndexedTopic topic, int depth) {
    if (set instanceof TopicSet tree) {
      int child = child(topic, depth);
      Object rest = without(tree.children[child], topic, depth + 1);
      TopicSet less = new TopicSet(replaced(tree.children, child, rest), tree.size - 1);
      // Not at once: a set that goes to and fro at the bound would be built anew each time.
      return less.size > ROW_MAX / 2 ? less : less.row();
    }
    if (!(set instanceof IndexedTopic[] row)) {
      return null;
    }
    if (row.length == 2) {
      return row[0].equals(topic) ? row[1] : row[0];
    }
    IndexedTopic[] shorter = Arrays.copyOf(row, row.length - 1);
    for (int i = 0; i < shorter.length; i++) {
      if (row[i].equals(topic)) {
        shorter[i] = row[row.length - 1];
      }
    }
    return shorter;
  }

  private IndexedTopic[] row() {
    IndexedTopic[] row = new IndexedTopic[size];
    int[] length = new int[1];
    forEach(this, topic -> row[length[0]++] = topic);
    return row;
  }

  /** How many topics are in a set. */
  static int size(@Nullable Object set) {
    if (set == null) {
      return 0;
    }
    if (set instanceof TopicSet tree) {
      return tree.size;
    }
    return set instanceof IndexedTopic[] row ? row.length : 1;
  }

  static void forEach(@Nullable Object set, Consumer<IndexedTopic> visitor) {
    if (set instanceof TopicSet tree) {
      for (Object child : tree.children) {
        forEach(child, visitor);
      }
    } else if (set instanceof IndexedTopic[] row) {
      for (IndexedTopic topic : row) {
        visitor.accept(topic);
      }
    } else if (set != null) {
      visitor.accept((IndexedTopic) set);
    }
  }

  private static @Nullable Object[] replaced(
      @Nullable Object[] children, int index, @Nullable Object child) {
    @Nullable Object[] copy = children.clone();
    copy[index] = child;
    return copy;
  }

  /** Five bits of the hash, from its top down. */
  private static int child(IndexedTopic topic, int depth) {
    return topic.hashCode() * 0x9E37_79B9 << BITS * depth >>> Integer.SIZE - BITS;
  }
}
