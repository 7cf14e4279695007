package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * One level of the filters in a {@link TopicTree}. 24 bytes: trees hold millions.
 *
 * <p>Written under the tree's lock, read without.
 */
final class TreeNode {
  final String level;

  /** The nodes of the next level, as a {@link Bag}; {@code +} and {@code #} are levels as any. */
  volatile @Nullable Object children;

  /** The values of the filter that ends here, as a {@link Bag}. */
  volatile @Nullable Object values;

  TreeNode(String level) {
    this.level = level;
  }

  boolean isNamed(String text, int from, int end, int hash) {
    return level.hashCode() == hash && level.length() == end - from && text.startsWith(level, from);
  }

  boolean isUnused() {
    return children == null && values == null;
  }

  /** That of its level, for tables of children; equality stays identity. */
  @Override
  public int hashCode() {
    return level.hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
