package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * Leads a filter through topics in the natural order of their text, from match to match: beside the
 * matches it meets about one topic for each way on from a {@code +}, and leaps over all others.
 *
 * <p>Rests on this: topics that go on below a text {@code p} are a row without gaps, from {@code p
 * + "/"} to just before {@code p + "0"}, as 0 is the character after the slash. (Not so with {@code
 * p} itself: {@code p-x} comes before {@code p/x}.)
 *
 * <p>Immutable.
 */
public final class FilterSeek {
  private static final char AFTER_SLASH = '/' + 1;
  private static final String AFTER_DOLLAR = "%";

  /** Leaps that find nothing are cheap up to here, however much they find. */
  private static final int MISSED_FREE = 256;

  /** How many leaps each match may cost. */
  private static final int MISSED_EACH = 16;

  private final TopicFilter filter;
  private final String[] levels;

  /** For one filter. */
  public FilterSeek(TopicFilter filter) {
    this.filter = filter;
    this.levels = filter.value().split("/", -1);
  }

  /** Whether after so many leaps to no match, and so many matches, another way is the better. */
  public static boolean isWasteful(int missed, int found) {
    return missed > MISSED_FREE + (long) MISSED_EACH * found;
  }

  /** The least text that a matching topic can have; of a filter without wildcards the only one. */
  public String first() {
    StringBuilder text = new StringBuilder();
    for (int level = 0; level < levels.length && !isWildcard(level); level++) {
      if (level > 0) {
        text.append('/');
      }
      text.append(levels[level]);
    }
    return text.toString();
  }

  /** Whether the filter matches a topic, which is not empty. */
  public boolean matches(String topic) {
    return FilterMatch.matches(filter.value(), topic);
  }

  /**
   * A text above a topic, at or below the next topic in order that can match; null when none can.
   * It need not be a topic itself.
   */
  public @Nullable String after(String topic) {
    if (topic.charAt(0) == '$' && isWildcard(0)) {
      return AFTER_DOLLAR; // [MQTT-4.7.2-1]
    }
    int plusEnd = -1;
    int from = 0;
    for (int level = 0; level < levels.length && !isRest(level); level++) {
      int end = Levels.end(topic, from);
      if (isPlus(level)) {
        plusEnd = end;
      } else if (!Levels.areEqual(levels[level], 0, levels[level].length(), topic, from, end)) {
        String there = turn(topic, from, level);
        return there != null || plusEnd < 0 ? there : topic.substring(0, plusEnd) + AFTER_SLASH;
      }
      if (end == topic.length()) {
        break;
      }
      if (level == levels.length - 1) {
        return topic.substring(0, end) + AFTER_SLASH;
      }
      from = end + 1;
    }
    return topic + '\0';
  }

  /** The first text above the topic that has the filter's level in the place of the topic's. */
  private @Nullable String turn(String topic, int from, int level) {
    String whole = topic.substring(0, from) + levels[level];
    boolean last = level == levels.length - 1;
    if ((last || isRest(level + 1)) && whole.compareTo(topic) > 0) {
      return whole;
    }
    String below = whole + '/';
    return !last && below.compareTo(topic) > 0 ? below : null;
  }

  private boolean isWildcard(int level) {
    return isPlus(level) || isRest(level);
  }

  private boolean isPlus(int level) {
    return levels[level].equals("+");
  }

  private boolean isRest(int level) {
    return levels[level].equals("#");
  }
}
