package dev.limpet.broker.topic;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set in as little memory as its size allows: null, the only item itself, a {@link Few}, or
 * {@link Slots}. The caller keeps it in a volatile field and stores what {@link #with} and {@link
 * #without} return. Stateless functions.
 */
final class Bag {
  /** From here on a table is faster than a search and a copy. */
  private static final int FEW_MAX = 8;

  private Bag() {}

  /** Two to {@link #FEW_MAX} items in an array that is replaced with each change. Immutable. */
  private record Few(Object[] items) {}

  /** The bag with an item that was not in it. */
  static Object with(@Nullable Object bag, Object item) {
    if (bag == null) {
      return item;
    }
    if (bag instanceof Slots slots) {
      return slots.with(item);
    }
    if (!(bag instanceof Few few)) {
      return new Few(new Object[] {bag, item});
    }
    Object[] items = Arrays.copyOf(few.items, few.items.length + 1);
    items[items.length - 1] = item;
    return items.length > FEW_MAX ? Slots.of(items) : new Few(items);
  }

  /** The bag without the item that is in it; null when nothing is left. */
  static @Nullable Object without(Object bag, Object item) {
    if (bag instanceof Slots slots) {
      Slots rest = slots.without(item);
      return rest.live() > FEW_MAX / 2 ? rest : few(rest.items());
    }
    if (!(bag instanceof Few few)) {
      return null;
    }
    Object[] items = few.items;
    int index = indexOf(items, item);
    if (items.length == 2) {
      return items[1 - index];
    }
    Object[] rest = Arrays.copyOf(items, items.length - 1);
    System.arraycopy(items, index + 1, rest, index, rest.length - index);
    return new Few(rest);
  }

  private static Object few(Object[] items) {
    return items.length == 1 ? items[0] : new Few(items);
  }

  /** The bag with one node in the place of another that starts with the same level. */
  static Object replace(Object bag, TreeNode old, TreeNode next) {
    if (bag instanceof Slots slots) {
      slots.replace(old, next);
      return slots;
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
    if (bag instanceof Slots slots) {
      return slots.contains(item);
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
    if (bag instanceof Slots slots) {
      return slots.node(text, from, end, hash);
    }
    for (Object item : ((Few) bag).items) {
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
    if (bag instanceof Slots slots) {
      slots.forEach(visitor);
    } else if (bag instanceof Few few) {
      for (Object item : few.items) {
        visitor.accept(item);
      }
    } else {
      visitor.accept(bag);
    }
  }

  private static int indexOf(Object[] items, Object item) {
    for (int i = 0; i < items.length; i++) {
      if (items[i].equals(item)) {
        return i;
      }
    }
    return -1;
  }
}
