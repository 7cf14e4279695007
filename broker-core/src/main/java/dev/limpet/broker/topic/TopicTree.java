package dev.limpet.broker.topic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores topic filters with values and matches them against a topic, at a cost independent of
 * filters that do not match.
 *
 * <p>A radix tree by levels: every node but the root has a value or two children, so its size is
 * bounded by the text of the filters and not by the number of their levels.
 *
 * <p>Thread-safe. Readers never lock: each change is one volatile store of a {@link Bag}, whose
 * nodes are complete and which never changes, so a reader sees it whole or not at all. A node
 * removed from the tree no longer changes: its readers see the previous tree. Writers take turns on
 * a lock of the tree's own. No method recurses along the levels of a filter.
 *
 * @param <T> compared by {@code equals}; a filter holds each value once
 */
public final class TopicTree<T> {
  private final Object lock = new Object();
  private final TreeNode root = new TreeNode("");
  private final LabelCache labels = new LabelCache();
  private volatile long version;
  private volatile int size;

  /** Adds a value to a filter; returns whether it was not there before. */
  public boolean add(TopicFilter filter, T value) {
    synchronized (lock) {
      boolean added = insert(filter.value(), value);
      if (added) {
        changed(1);
      }
      return added;
    }
  }

  /**
   * Removes a value from a filter, and the nodes nothing needs any more; returns whether it was.
   */
  public boolean remove(TopicFilter filter, T value) {
    synchronized (lock) {
      boolean removed = delete(filter.value(), value);
      if (removed) {
        changed(-1);
      }
      return removed;
    }
  }

  /**
   * Visits the values of all matching filters; a value of several filters once for each. Concurrent
   * changes may be seen or not; the visitor gets each filter's values as of one moment.
   */
  @SuppressWarnings("unchecked") // only add() puts values in
  public void match(TopicName topic, Consumer<? super T> visitor) {
    new TopicWalk(topic.value(), (Consumer<Object>) (Consumer<?>) visitor).run(root);
  }

  /**
   * A number that differs after each change: the key of caches of {@link #match}. It rises once the
   * change can be seen, so who reads it before matching never keeps an old result for a new one.
   */
  public long version() {
    return version;
  }

  /** How many values all filters have together. */
  public int size() {
    return size;
  }

  /** A node and the length of the text above it, -1 below the root. */
  private record Place(TreeNode node, int above) {}

  /** Visits everything, in no particular order. Changes made meanwhile may be seen or not. */
  @SuppressWarnings("unchecked") // only add() puts values in
  public void forEach(BiConsumer<TopicFilter, T> visitor) {
    Deque<Place> open = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    Bag.forEach(root.children, child -> open.push(new Place((TreeNode) child, -1)));
    while (!open.isEmpty()) {
      Place place = open.pop();
      text.setLength(Math.max(0, place.above));
      if (place.above >= 0) {
        text.append('/');
      }
      text.append(place.node.label);
      Object values = place.node.values;
      if (values != null) {
        TopicFilter filter = TopicFilter.of(text.toString());
        Bag.forEach(values, value -> visitor.accept(filter, (T) value));
      }
      int length = text.length();
      Bag.forEach(place.node.children, child -> open.push(new Place((TreeNode) child, length)));
    }
  }

  /** How many nodes it keeps, for tests of pruning. */
  int nodes() {
    int count = -1; // the root is always there
    Deque<TreeNode> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      count++;
      Bag.forEach(open.pop().children, child -> open.push((TreeNode) child));
    }
    return count;
  }

  private boolean insert(String text, T value) {
    TreeNode node = root;
    int from = 0;
    while (true) {
      TreeNode child = child(node, text, from);
      if (child == null) {
        node.children = Bag.with(node.children, leaf(text, from, value));
        return true;
      }
      int common = Levels.common(child.label, text, from);
      if (common < child.label.length()) {
        TreeNode fork = fork(child, common);
        branch(fork, text, from + common, value);
        replace(node, child, fork);
        return true;
      }
      if (from + common == text.length()) {
        return addValue(child, value);
      }
      node = child;
      from += common + 1;
    }
  }

  private static boolean addValue(TreeNode node, Object value) {
    if (Bag.contains(node.values, value)) {
      return false;
    }
    node.values = Bag.with(node.values, value);
    return true;
  }

  private TreeNode leaf(String text, int from, T value) {
    TreeNode leaf = new TreeNode(labels.label(text, from, text.length()));
    leaf.values = value;
    return leaf;
  }

  /** A node for the first levels of a label, with another for the rest below it. */
  private TreeNode fork(TreeNode node, int common) {
    TreeNode upper = new TreeNode(labels.label(node.label, 0, common));
    TreeNode lower = new TreeNode(labels.label(node.label, common + 1, node.label.length()));
    lower.children = node.children;
    lower.values = node.values;
    upper.children = lower;
    return upper;
  }

  /** Puts a value where a fork, not yet in the tree, is left by a text. */
  private void branch(TreeNode fork, String text, int end, T value) {
    if (end == text.length()) {
      fork.values = value;
    } else {
      fork.children = Bag.with(fork.children, leaf(text, end + 1, value));
    }
  }

  private boolean delete(String text, T value) {
    TreeNode above = root;
    TreeNode parent = root;
    TreeNode node = root;
    for (int from = 0; from <= text.length(); from += node.label.length() + 1) {
      above = parent;
      parent = node;
      TreeNode child = child(node, text, from);
      if (child == null || Levels.common(child.label, text, from) < child.label.length()) {
        return false;
      }
      node = child;
    }
    Object values = node.values;
    if (values == null || !Bag.contains(values, value)) {
      return false;
    }
    Object rest = Bag.without(values, value);
    if (rest != null) {
      node.values = rest;
    } else {
      removeLast(above, parent, node);
    }
    return true;
  }

  /**
   * Removes a node's last value, and in the same store all nodes left without a value or two
   * children.
   */
  private void removeLast(TreeNode above, TreeNode parent, TreeNode node) {
    Object siblings = parent.children;
    if (node.children instanceof TreeNode only) {
      replace(parent, node, joined(node, only));
    } else if (node.children != null || siblings == null) {
      node.values = null;
    } else {
      Object rest = Bag.without(siblings, node);
      if (rest instanceof TreeNode only && !parent.equals(root) && parent.values == null) {
        replace(above, parent, joined(parent, only));
      } else {
        parent.children = rest;
      }
    }
  }

  /** One node for a node without values and its only child. */
  private static TreeNode joined(TreeNode node, TreeNode only) {
    TreeNode joined = new TreeNode(node.label + '/' + only.label);
    joined.children = only.children;
    joined.values = only.values;
    return joined;
  }

  private static void replace(TreeNode parent, TreeNode old, TreeNode next) {
    Object children = parent.children;
    if (children != null) {
      parent.children = Bag.replace(children, old, next);
    }
  }

  private static @Nullable TreeNode child(TreeNode node, String text, int from) {
    int end = Levels.end(text, from);
    return Bag.node(node.children, text, from, end, Levels.hash(text, from, end));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  private void changed(int by) {
    size += by;
    // Last: a result computed before the change must not be kept under the new version.
    version++;
  }
}
