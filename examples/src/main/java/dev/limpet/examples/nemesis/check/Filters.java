package dev.limpet.examples.nemesis.check;

/** Matches topics, without the broker's own code: a judge does not ask the accused. */
final class Filters {

  private static final String SHARED = "$share/";

  private Filters() {}

  static boolean isShared(String filter) {
    return filter.startsWith(SHARED);
  }

  static boolean matches(String filter, String topic) {
    String plain =
        isShared(filter) ? filter.substring(filter.indexOf('/', SHARED.length()) + 1) : filter;
    String[] want = plain.split("/", -1);
    String[] have = topic.split("/", -1);
    for (int i = 0; i < want.length; i++) {
      if (want[i].equals("#")) {
        return true;
      }
      if (i >= have.length || !(want[i].equals("+") || want[i].equals(have[i]))) {
        return false;
      }
    }
    return want.length == have.length;
  }
}
