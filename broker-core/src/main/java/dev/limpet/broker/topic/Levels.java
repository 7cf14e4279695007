package dev.limpet.broker.topic;

/**
 * Finds the parts of a topic or filter between slashes, by their indexes in the text. Stateless.
 */
final class Levels {
  private Levels() {}

  /** Where the level that starts at {@code from} ends: at a slash or the end of the text. */
  static int end(String text, int from) {
    int end = text.indexOf('/', from);
    return end < 0 ? text.length() : end;
  }

  /** That of the substring, without making one. */
  static int hash(String text, int from, int end) {
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  static boolean isWildcard(String filter, int from, int end, char wildcard) {
    return end - from == 1 && filter.charAt(from) == wildcard;
  }

  static boolean areEqual(String a, int aFrom, int aEnd, String b, int bFrom, int bEnd) {
    return aEnd - aFrom == bEnd - bFrom && a.regionMatches(aFrom, b, bFrom, aEnd - aFrom);
  }

  /**
   * How many characters of {@code label} the text repeats from {@code from} on, in whole levels.
   */
  static int common(String label, String text, int from) {
    int agreed = 0;
    for (int start = 0; start <= label.length() && from + start <= text.length(); ) {
      int labelEnd = end(label, start);
      int textEnd = end(text, from + start);
      if (!areEqual(label, start, labelEnd, text, from + start, textEnd)) {
        break;
      }
      agreed = labelEnd;
      start = labelEnd + 1;
    }
    return agreed;
  }
}
