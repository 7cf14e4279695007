package dev.limpet.broker.topic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many topic filters with values, matched against one topic at a cost that does not depend on the
 * filters that do not match.
 *
 * <p>Thread-safe. Readers never lock: each change is one volatile store, which a reader sees whole
 * or not at all. Writers take turns on a lock of the tree's own. No method recurses, so the number
 * of levels is bounded by the length of a filter only.
 *
 * @param <T> told apart by {@code equals}; a filter holds each value once
 */
public final class TopicTree<T> {
  private static final int PLUS_HASH = "+".hashCode();
  private static final int HASH_HASH = "#".hashCode();

  private final Object lock = new Object();
  private final TreeNode root = new TreeNode("");
  private final LevelNames names = new LevelNames();
  private volatile long version;
  private volatile int size;

  /** Adds a value to a filter; returns whether it was not there before. */
  public boolean add(TopicFilter filter, T value) {
    String text = filter.value();
    synchronized (lock) {
      TreeNode node = root;
      int from = 0;
      while (from <= text.length()) {
        int end = levelEnd(text, from);
        TreeNode child = Bag.node(node.children, text, from, end, hash(text, from, end));
        if (child == null) {
          node.children = Bag.with(node.children, branch(text, from, value));
          changed(1);
          return true;
        }
        node = child;
        from = end + 1;
      }
      if (Bag.contains(node.values, value)) {
        return false;
      }
      node.values = Bag.with(node.values, value);
      changed(1);
      return true;
    }
  }

  /**
   * Removes a value from a filter, and the levels nothing needs any more; returns whether it was.
   */
  public boolean remove(TopicFilter filter, T value) {
    String text = filter.value();
    synchronized (lock) {
      List<TreeNode> path = path(text);
      if (path == null) {
        return false;
      }
      TreeNode last = path.get(path.size() - 1);
      Object values = last.values;
      if (values == null || !Bag.contains(values, value)) {
        return false;
      }
      last.values = Bag.without(values, value);
      prune(path);
      changed(-1);
      return true;
    }
  }

  /** Visits the values of all matching filters; a value of several filters once for each. */
  @SuppressWarnings("unchecked") // only add() puts values in
  public void match(TopicName topic, Consumer<? super T> visitor) {
    new Walk(topic.value(), (Consumer<Object>) (Consumer<?>) visitor).run(root);
  }

  /** A number that differs after each change: the key of caches of {@link #match}. */
  public long version() {
    return version;
  }

  /** How many values all filters have together. */
  public int size() {
    return size;
  }

  /** Visits everything, in no particular order. Changes made meanwhile may be seen or not. */
  @SuppressWarnings("unchecked") // only add() puts values in
  public void forEach(BiConsumer<TopicFilter, T> visitor) {
    Deque<Step> open = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    Bag.forEach(root.children, child -> open.push(new Step((TreeNode) child, -1)));
    while (!open.isEmpty()) {
      Step step = open.pop();
      text.setLength(Math.max(0, step.position));
      if (step.position >= 0) {
        text.append('/');
      }
      text.append(step.node.level);
      Object values = step.node.values;
      if (values != null) {
        TopicFilter filter = TopicFilter.of(text.toString());
        Bag.forEach(values, value -> visitor.accept(filter, (T) value));
      }
      int length = text.length();
      Bag.forEach(step.node.children, child -> open.push(new Step((TreeNode) child, length)));
    }
  }

  /** How many levels it keeps, for tests of pruning. */
  int nodes() {
    int count = -1; // the root is always there
    Deque<TreeNode> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      count++;
      Bag.forEach(open.pop().children, child -> open.push((TreeNode) child));
    }
    return count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  private void changed(int by) {
    size += by;
    // Last: a result computed before the change must not be kept under the new version.
    version++;
  }

  /** The nodes from the first missing level down to the value, not yet in the tree. */
  private TreeNode branch(String text, int from, T value) {
    int start = from;
    int end = levelEnd(text, start);
    TreeNode top = new TreeNode(names.name(text, start, end));
    TreeNode node = top;
    while (end < text.length()) {
      start = end + 1;
      end = levelEnd(text, start);
      TreeNode child = new TreeNode(names.name(text, start, end));
      node.children = child;
      node = child;
    }
    node.values = value;
    return top;
  }

  private @Nullable List<TreeNode> path(String text) {
    List<TreeNode> path = new ArrayList<>();
    path.add(root);
    TreeNode node = root;
    for (int from = 0; from <= text.length(); ) {
      int end = levelEnd(text, from);
      node = Bag.node(node.children, text, from, end, hash(text, from, end));
      if (node == null) {
        return null;
      }
      path.add(node);
      from = end + 1;
    }
    return path;
  }

  private static void prune(List<TreeNode> path) {
    for (int i = path.size() - 1; i > 0 && path.get(i).isUnused(); i--) {
      TreeNode parent = path.get(i - 1);
      Object children = parent.children;
      if (children != null) {
        parent.children = Bag.without(children, path.get(i));
      }
    }
  }

  private static int levelEnd(String text, int from) {
    int end = text.indexOf('/', from);
    return end < 0 ? text.length() : end;
  }

  /** That of the substring, without making one. */
  private static int hash(String text, int from, int end) {
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** A node still to visit: {@code position} is where its next level starts. */
  private record Step(TreeNode node, int position) {}

  /** One search for a topic. Confined to the calling thread. */
  private static final class Walk {
    private final String topic;
    private final Consumer<Object> visitor;
    private @Nullable Deque<Step> open;

    Walk(String topic, Consumer<Object> visitor) {
      this.topic = topic;
      this.visitor = visitor;
    }

    void run(TreeNode root) {
      TreeNode node = root;
      int from = 0;
      while (true) {
        TreeNode next = null;
        int end = topic.length();
        // [MQTT-4.7.2-1]: no wildcard at the first level matches a topic that starts with '$'.
        boolean wildcards = from > 0 || topic.charAt(0) != '$';
        Object children = node.children;
        if (wildcards && children != null) {
          visitValues(Bag.node(children, "#", 0, 1, HASH_HASH));
        }
        if (from > topic.length()) {
          visitValues(node);
        } else if (children != null) {
          end = levelEnd(topic, from);
          next = Bag.node(children, topic, from, end, hash(topic, from, end));
          TreeNode plus = wildcards ? Bag.node(children, "+", 0, 1, PLUS_HASH) : null;
          next = later(next, plus, end + 1);
        }
        from = end + 1;
        if (next == null) {
          Step step = open == null ? null : open.poll();
          if (step == null) {
            return;
          }
          next = step.node;
          from = step.position;
        }
        node = next;
      }
    }

    /** Where to go on; the other way, if there are two, is kept for later. */
    private @Nullable TreeNode later(
        @Nullable TreeNode exact, @Nullable TreeNode plus, int position) {
      if (exact == null || plus == null) {
        return exact == null ? plus : exact;
      }
      if (open == null) {
        open = new ArrayDeque<>();
      }
      open.push(new Step(plus, position));
      return exact;
    }

    private void visitValues(@Nullable TreeNode node) {
      Object values = node == null ? null : node.values;
      if (values != null) {
        Bag.forEach(values, visitor);
      }
    }
  }
}
