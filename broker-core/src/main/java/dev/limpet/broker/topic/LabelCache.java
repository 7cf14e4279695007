package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * Lets labels that recur ("status", "+") share one string. Bounded: each label has one place, where
 * the newest replaces the one before, and long ones have none. Confined to the tree's writers.
 */
final class LabelCache {
  private static final int PLACES = 512;
  private static final int LENGTH_MAX = 32;

  private final @Nullable String[] recent = new @Nullable String[PLACES];

  /** The substring, or an earlier one that equals it. */
  String label(String text, int from, int end) {
    if (end - from > LENGTH_MAX) {
      return text.substring(from, end);
    }
    int hash = Levels.hash(text, from, end);
    int place = (hash ^ hash >>> 16) & (PLACES - 1);
    String known = recent[place];
    if (known != null && Levels.areEqual(known, 0, known.length(), text, from, end)) {
      return known;
    }
    String label = text.substring(from, end);
    recent[place] = label;
    return label;
  }
}
