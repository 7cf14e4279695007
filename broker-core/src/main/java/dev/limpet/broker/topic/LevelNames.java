package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * Lets levels that recur ("status", "+") share one string. Bounded: each name has one place, where
 * the newest replaces the one before. Confined to the tree's writers.
 */
final class LevelNames {
  private static final int PLACES = 512;

  private final @Nullable String[] recent = new @Nullable String[PLACES];

  /** The substring, or an earlier one that equals it. */
  String name(String text, int from, int end) {
    int hash = end == from ? 0 : text.charAt(from) * 31 + text.charAt(end - 1);
    int place = (hash * 31 + (end - from)) & (PLACES - 1);
    String known = recent[place];
    if (known != null && known.length() == end - from && text.startsWith(known, from)) {
      return known;
    }
    String name = text.substring(from, end);
    recent[place] = name;
    return name;
  }
}
