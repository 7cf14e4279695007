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
      int filterEnd = Levels.end(filter, f);
      if (Levels.isWildcard(filter, f, filterEnd, '#')) {
        return true;
      }
      int topicEnd = Levels.end(topic, t);
      if (!Levels.isWildcard(filter, f, filterEnd, '+')
          && !Levels.areEqual(filter, f, filterEnd, topic, t, topicEnd)) {
        return false;
      }
      boolean filterDone = filterEnd == filter.length();
      boolean topicDone = topicEnd == topic.length();
      if (topicDone) {
        // "sport/#" also matches "sport" [MQTT-4.7.1-2, non-normative example].
        return filterDone
            || (filter.startsWith("/#", filterEnd) && filterEnd + 2 == filter.length());
      }
      if (filterDone) {
        return false;
      }
      f = filterEnd + 1;
      t = topicEnd + 1;
    }
  }
}
