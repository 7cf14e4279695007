package dev.limpet.broker.topic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores a set in as little memory as its size allows: null, the only item itself, a {@link Few},
 * or a {@link HashTrie}. No bag is ever changed: the caller keeps it in a volatile field and stores
 * what {@link #with}, {@link #without} and {@link #replace} return, so that a reader sees either
 * the old or the new one. Stateless functions.
 */
final class Bag {
  /** From here on a trie is faster than a search and a copy. */
  private static final int FEW_MAX = 8;

  private Bag() {}

  /** Two to {@link #FEW_MAX} items in an array that is replaced with each change. Immutable. */
  private record Few(Object[] items) {}

  /** The bag with an item that was not in it. */
  static Object with(@Nullable Object bag, Object item) {
    if (bag == null) {
      return item;
    }
    if (bag instanceof HashTrie trie) {
      return trie.with(item);
    }
    if (!(bag instanceof Few few)) {
      return new Few(new Object[] {bag, item});
    }
    Object[] items = Arrays.copyOf(few.items, few.items.length + 1);
    items[items.length - 1] = item;
    return items.length > FEW_MAX ? HashTrie.of(items) : new Few(items);
  }

  /** The bag without the item that is in it; null when nothing is left. */
  static @Nullable Object without(Object bag, Object item) {
    if (bag instanceof HashTrie trie) {
      HashTrie rest = trie.without(item);
      // Not at once: a bag that goes to and fro at the bound would be built anew each time.
      return rest.size() > FEW_MAX / 2 ? rest : few(rest);
    }
    if (!(bag instanceof Few few)) {
      return null;
    }
    Object[] items = few.items;
    int index = indexOf(items, item);
    if (items.length == 2) {
      return items[1 - index];
    }
    return new Few(removed(items, index));
  }

  private static Few few(HashTrie trie) {
    List<Object> items = new ArrayList<>(trie.size());
    trie.forEach(items::add);
    return new Few(items.toArray());
  }

  /** The bag with one node in the place of another that starts with the same level. */
  static Object replace(Object bag, TreeNode old, TreeNode next) {
    if (bag instanceof HashTrie trie) {
      return trie.replace(old, next);
    }
    if (!(bag instanceof Few few)) {
      return next;
    }
    Object[] items = few.items.clone();
    items[indexOf(items, old)] = next;
    return new Few(items);
  }

  static boolean contains(@Nullable Object bag, Object item) {
    if (bag == null) {
      return false;
    }
    if (bag instanceof HashTrie trie) {
      return trie.contains(item);
    }
    return bag instanceof Few few ? indexOf(few.items, item) >= 0 : bag.equals(item);
  }

  /** The node that starts with the level in {@code text} from {@code from} to {@code end}. */
  static @Nullable TreeNode node(@Nullable Object bag, String text, int from, int end, int hash) {
    if (bag == null) {
      return null;
    }
    if (bag instanceof TreeNode node) {
      return node.startsWith(text, from, end, hash) ? node : null;
    }
    if (bag instanceof HashTrie trie) {
      return trie.node(text, from, end, hash);
    }
    return find(((Few) bag).items, text, from, end, hash);
  }

  /** {@link #node} of nodes in a row. */
  static @Nullable TreeNode find(Object[] nodes, String text, int from, int end, int hash) {
    for (Object item : nodes) {
      TreeNode node = (TreeNode) item;
      if (node.startsWith(text, from, end, hash)) {
        return node;
      }
    }
    return null;
  }

  static void forEach(@Nullable Object bag, Consumer<Object> visitor) {
    if (bag == null) {
      return;
    }
    if (bag instanceof HashTrie trie) {
      trie.forEach(visitor);
    } else if (bag instanceof Few few) {
      for (Object item : few.items) {
        visitor.accept(item);
      }
    } else {
      visitor.accept(bag);
    }
  }

  /** A copy without the item at an index. */
  static Object[] removed(Object[] items, int index) {
    Object[] rest = Arrays.copyOf(items, items.length - 1);
    System.arraycopy(items, index + 1, rest, index, rest.length - index);
    return rest;
  }

  /** The index of the item, -1 when it is not there. */
  static int indexOf(Object[] items, Object item) {
    for (int i = 0; i < items.length; i++) {
      if (items[i].equals(item)) {
        return i;
      }
    }
    return -1;
  }
}
