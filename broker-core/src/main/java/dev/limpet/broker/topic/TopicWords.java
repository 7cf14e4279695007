package dev.limpet.broker.topic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes keys to look up a topic by, whatever its first levels are: for each level a number made
 * of its place and text, and one for how many levels there are. A filter's literals have the same
 * numbers, so the topics it matches are among those that have all of them.
 *
 * <p>Different words may share a number: who looks up by them still has to match. There are few
 * numbers, so that an index by them has a bounded number of rows. Levels beyond the first 16 have
 * none, so that a topic of very many is not very much to index. Stateless.
 */
public final class TopicWords {
  /** Numbers are from 0 to below this. */
  public static final int COUNT = 1 << 15;

  private static final int LEVELS_MAX = 16;

  /** How many levels a topic has; all that are more share the last number. */
  private static final int DEEP = LEVELS_MAX + 1;

  private static final int GOLDEN = 0x9E3779B9;

  private TopicWords() {}

  /** The numbers of a topic, each once. */
  public static int[] ofTopic(String topic) {
    int[] words = new int[LEVELS_MAX + 1];
    int count = 1;
    int levels = 0;
    for (int from = 0; from <= topic.length() && levels < DEEP; levels++) {
      int end = Levels.end(topic, from);
      if (levels < LEVELS_MAX) {
        count = add(words, count, word(topic, from, end, levels));
      }
      from = end + 1;
    }
    words[0] = levels;
    return Arrays.copyOf(words, count);
  }

  private static int add(int[] words, int count, int word) {
    for (int i = 1; i < count; i++) {
      if (words[i] == word) {
        return count;
      }
    }
    words[count] = word;
    return count + 1;
  }

  /** Arrays of numbers: a topic that matches the filter has one of each array. */
  public static List<int[]> ofFilter(TopicFilter filter) {
    List<int[]> words = new ArrayList<>();
    String text = filter.value();
    int levels = 0;
    boolean rest = false;
    for (int from = 0; from <= text.length(); levels++) {
      int end = Levels.end(text, from);
      rest = Levels.isWildcard(text, from, end, '#');
      if (!rest && !Levels.isWildcard(text, from, end, '+') && levels < LEVELS_MAX) {
        words.add(new int[] {word(text, from, end, levels)});
      }
      from = end + 1;
    }
    int least = Math.min(rest ? levels - 1 : levels, DEEP);
    if (least > 1 || !rest) {
      words.add(IntStream.rangeClosed(least, rest ? DEEP : least).toArray());
    }
    return words;
  }

  private static int word(String text, int from, int end, int level) {
    int hash = (Levels.hash(text, from, end) + level * GOLDEN) * GOLDEN;
    return DEEP + 1 + Integer.remainderUnsigned(hash ^ hash >>> 15, COUNT - DEEP - 1);
  }
}
