package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * One or more levels of the filters in a {@link TopicTree}: as many as no other filter branches off
 * from. 32 bytes and the text: trees hold millions.
 *
 * <p>Written under the tree's lock, read without.
 */
final class TreeNode {
  /** Levels with slashes between; {@code +} and {@code #} are levels as any. */
  final String label;

  private final int hash;

  /** The nodes below, as a {@link Bag}; no two start with the same level. */
  volatile @Nullable Object children;

  /** The values of the filter that ends here, as a {@link Bag}. */
  volatile @Nullable Object values;

  TreeNode(String label) {
    this.label = label;
    this.hash = Levels.hash(label, 0, Levels.end(label, 0));
  }

  /** Whether its first level is the one in {@code text} from {@code from} to {@code end}. */
  boolean startsWith(String text, int from, int end, int levelHash) {
    int length = end - from;
    return hash == levelHash
        && label.length() >= length
        && (label.length() == length || label.charAt(length) == '/')
        && label.regionMatches(0, text, from, length);
  }

  /** That of its first level, for tables of children. */
  @Override
  public int hashCode() {
    return hash;
  }

  /** Identity. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
