package dev.limpet.broker.topic;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of more than a few items: a tree by five bits of the hash at each depth, whose entries are
 * items or, where several items meet, a trie of the next depth. Items of one and the same hash are
 * in a row at the last.
 *
 * <p>Immutable: a change copies the entries it passes, at most 32 for each of seven depths, and
 * shares all others. So a walk visits the items present at one moment, each once. Recursion ends at
 * the last depth.
 */
final class HashTrie {
  private static final int BITS = 5;

  /** Here all 32 bits of a hash are used up. */
  private static final int DEPTH_LAST = 7;

  private static final HashTrie EMPTY = new HashTrie(0, new Object[0], 0);

  /** Which of the 32 places have an entry; unused at the last depth. */
  private final int places;

  private final Object[] entries;
  private final int size;

  private HashTrie(int places, Object[] entries, int size) {
    this.places = places;
    this.entries = entries;
    this.size = size;
  }

  /** A trie of these items, all different. */
  static HashTrie of(Object[] items) {
    HashTrie trie = EMPTY;
    for (Object item : items) {
      trie = trie.with(item);
    }
    return trie;
  }

  int size() {
    return size;
  }

  /** The trie with an item that is not in it. */
  HashTrie with(Object item) {
    return with(item, spread(item.hashCode()), 0);
  }

  /** The trie without the item that is in it. */
  HashTrie without(Object item) {
    return without(item, spread(item.hashCode()), 0);
  }

  /** The trie with an item in the place of another of the same hash that is in it. */
  HashTrie replace(Object old, Object next) {
    return replace(old, next, spread(old.hashCode()), 0);
  }

  boolean contains(Object item) {
    int hash = spread(item.hashCode());
    HashTrie trie = this;
    for (int depth = 0; depth < DEPTH_LAST; depth++) {
      Object entry = trie.entry(hash, depth);
      if (!(entry instanceof HashTrie deeper)) {
        return entry != null && entry.equals(item);
      }
      trie = deeper;
    }
    return Bag.indexOf(trie.entries, item) >= 0;
  }

  /** The node that starts with the level in {@code text} from {@code from} to {@code end}. */
  @Nullable TreeNode node(String text, int from, int end, int levelHash) {
    int hash = spread(levelHash);
    HashTrie trie = this;
    for (int depth = 0; depth < DEPTH_LAST; depth++) {
      Object entry = trie.entry(hash, depth);
      if (!(entry instanceof HashTrie deeper)) {
        TreeNode node = (TreeNode) entry;
        return node != null && node.startsWith(text, from, end, levelHash) ? node : null;
      }
      trie = deeper;
    }
    return Bag.find(trie.entries, text, from, end, levelHash);
  }

  void forEach(Consumer<Object> visitor) {
    for (Object entry : entries) {
      if (entry instanceof HashTrie deeper) {
        deeper.forEach(visitor);
      } else {
        visitor.accept(entry);
      }
    }
  }

  private HashTrie with(Object item, int hash, int depth) {
    if (depth == DEPTH_LAST) {
      return new HashTrie(0, inserted(entries.length, item), size + 1);
    }
    int place = place(hash, depth);
    int index = index(place);
    if ((places & place) == 0) {
      return new HashTrie(places | place, inserted(index, item), size + 1);
    }
    Object entry = entries[index];
    HashTrie deeper =
        entry instanceof HashTrie trie
            ? trie
            : EMPTY.with(entry, spread(entry.hashCode()), depth + 1);
    return new HashTrie(places, set(index, deeper.with(item, hash, depth + 1)), size + 1);
  }

  private HashTrie without(Object item, int hash, int depth) {
    if (depth == DEPTH_LAST) {
      return new HashTrie(0, removed(Bag.indexOf(entries, item)), size - 1);
    }
    int place = place(hash, depth);
    int index = index(place);
    if (!(entries[index] instanceof HashTrie deeper)) {
      return new HashTrie(places & ~place, removed(index), size - 1);
    }
    HashTrie rest = deeper.without(item, hash, depth + 1);
    // A trie of one item is never kept: the item takes its place.
    return new HashTrie(places, set(index, rest.size == 1 ? rest.entries[0] : rest), size - 1);
  }

  private HashTrie replace(Object old, Object next, int hash, int depth) {
    if (depth == DEPTH_LAST) {
      return new HashTrie(0, set(Bag.indexOf(entries, old), next), size);
    }
    int index = index(place(hash, depth));
    Object entry =
        entries[index] instanceof HashTrie deeper
            ? deeper.replace(old, next, hash, depth + 1)
            : next;
    return new HashTrie(places, set(index, entry), size);
  }

  private @Nullable Object entry(int hash, int depth) {
    int place = place(hash, depth);
    return (places & place) == 0 ? null : entries[index(place)];
  }

  private int index(int place) {
    return Integer.bitCount(places & (place - 1));
  }

  private Object[] set(int index, Object entry) {
    Object[] copy = entries.clone();
    copy[index] = entry;
    return copy;
  }

  private Object[] inserted(int index, Object entry) {
    Object[] copy = Arrays.copyOf(entries, entries.length + 1);
    System.arraycopy(entries, index, copy, index + 1, entries.length - index);
    copy[index] = entry;
    return copy;
  }

  private Object[] removed(int index) {
    return Bag.removed(entries, index);
  }

  /** One bit of 32, from the top of the hash down. */
  private static int place(int hash, int depth) {
    return 1 << (hash << BITS * depth >>> Integer.SIZE - BITS);
  }

  /** Moves to the top what sets similar texts apart. Different hashes stay different. */
  private static int spread(int hash) {
    return hash * 0x9E37_79B9;
  }
}
