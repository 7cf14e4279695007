package dev.limpet.cluster.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the correct spelling of a misspelt word. Stateless. */
public final class Spelling {

  private Spelling() {}

  /** The candidate with the fewest letters changed, if it is near enough to be meant. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    int farthest = Math.max(1, word.length() / 2);
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= farthest)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Letters to insert, delete or replace to come from one word to the other. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
