package dev.limpet.broker.topic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Searches a {@link TopicTree} once for filters that match a topic. Where both a literal level and
 * {@code +} lead on, one of the ways is kept for later. Confined to the calling thread.
 */
final class TopicWalk {
  private static final int PLUS = "+".hashCode();
  private static final int HASH = "#".hashCode();
  private static final int NOWHERE = -1;

  private final String topic;
  private final Consumer<Object> visitor;

  /** Where to go on: a node whose label matched, and where the next level of the topic starts. */
  private @Nullable TreeNode node;

  private int position;

  /** Further ways, allocated for the first one. */
  private @Nullable Deque<Step> later;

  TopicWalk(String topic, Consumer<Object> visitor) {
    this.topic = topic;
    this.visitor = visitor;
  }

  private record Step(TreeNode node, int position) {}

  void run(TreeNode root) {
    // [MQTT-4.7.2-1]: no wildcard at the first level matches a topic that starts with '$'.
    visitChildren(root, 0, topic.charAt(0) != '$');
    for (TreeNode next = next(); next != null; next = next()) {
      if (position > topic.length()) {
        visitValues(next);
        visitRest(next.children);
      } else {
        visitChildren(next, position, true);
      }
    }
  }

  /** Takes the next way, whose position is in the field then; null when there is none. */
  private @Nullable TreeNode next() {
    TreeNode next = node;
    node = null;
    if (next == null && later != null) {
      Step step = later.poll();
      if (step != null) {
        next = step.node;
        position = step.position;
      }
    }
    return next;
  }

  private void visitChildren(TreeNode parent, int from, boolean wildcards) {
    Object children = parent.children;
    if (children == null) {
      return;
    }
    if (wildcards) {
      visitRest(children);
      follow(Bag.node(children, "+", 0, 1, PLUS), from);
    }
    int end = Levels.end(topic, from);
    follow(Bag.node(children, topic, from, end, Levels.hash(topic, from, end)), from);
  }

  /** "a/#" matches "a" and all below [MQTT-4.7.1-2]. */
  private void visitRest(@Nullable Object children) {
    TreeNode rest = Bag.node(children, "#", 0, 1, HASH);
    if (rest != null) {
      visitValues(rest);
    }
  }

  private void follow(@Nullable TreeNode child, int from) {
    if (child == null) {
      return;
    }
    int next = afterLabel(child, from);
    if (next == NOWHERE || visitedLeaf(child, next)) {
      return;
    }
    if (node == null) {
      node = child;
      position = next;
    } else {
      if (later == null) {
        later = new ArrayDeque<>();
      }
      later.push(new Step(child, next));
    }
  }

  /** Most ways end at a node without children: no need to keep that for later. */
  private boolean visitedLeaf(TreeNode child, int next) {
    if (child.children != null) {
      return false;
    }
    if (next > topic.length()) {
      visitValues(child);
    }
    return true;
  }

  /** Where the topic goes on behind a node's label, which it has to match from {@code from} on. */
  private int afterLabel(TreeNode child, int from) {
    String label = child.label;
    int next = from;
    for (int start = 0; start <= label.length(); ) {
      int end = Levels.end(label, start);
      if (Levels.isWildcard(label, start, end, '#')) {
        visitValues(child);
        return NOWHERE;
      }
      if (next > topic.length()) {
        return NOWHERE;
      }
      int topicEnd = Levels.end(topic, next);
      if (!Levels.isWildcard(label, start, end, '+')
          && !Levels.areEqual(label, start, end, topic, next, topicEnd)) {
        return NOWHERE;
      }
      next = topicEnd + 1;
      start = end + 1;
    }
    return next;
  }

  private void visitValues(TreeNode found) {
    Bag.forEach(found.values, visitor);
  }
}
