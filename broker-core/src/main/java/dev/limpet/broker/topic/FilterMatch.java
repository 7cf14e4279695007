package dev.limpet.broker.topic;

/** Matches one filter against one topic without allocating. Stateless. */
final class FilterMatch {
  private FilterMatch() {}

  static boolean matches(String filter, String topic) {
    if (topic.charAt(0) == '$' && filter.charAt(0) != '$') {
      return false; // [MQTT-4.7.2-1]
    }
    int f = 0;
    int t = 0;
    while (true) {
      int filterEnd = levelEnd(filter, f);
      if (isLevel(filter, f, filterEnd, '#')) {
        return true;
      }
      int topicEnd = levelEnd(topic, t);
      if (!isLevel(filter, f, filterEnd, '+')
          && !sameLevel(filter, f, filterEnd, topic, t, topicEnd)) {
        return false;
      }
      boolean filterDone = filterEnd == filter.length();
      boolean topicDone = topicEnd == topic.length();
      if (topicDone) {
        // "sport/#" also matches "sport" [MQTT-4.7.1-2, non-normative example].
        return filterDone || filter.startsWith("/#", filterEnd) && filterEnd + 2 == filter.length();
      }
      if (filterDone) {
        return false;
      }
      f = filterEnd + 1;
      t = topicEnd + 1;
    }
  }

  private static int levelEnd(String text, int from) {
    int end = text.indexOf('/', from);
    return end < 0 ? text.length() : end;
  }

  private static boolean isLevel(String filter, int from, int end, char wildcard) {
    return end - from == 1 && filter.charAt(from) == wildcard;
  }

  private static boolean sameLevel(String a, int aFrom, int aEnd, String b, int bFrom, int bEnd) {
    return aEnd - aFrom == bEnd - bFrom && a.regionMatches(aFrom, b, bFrom, aEnd - aFrom);
  }
}
