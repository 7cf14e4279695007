package dev.limpet.broker.topic;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules of topics and filters (MQTT 5.0 section 4.7), as plainly as they can be written. */
final class NaiveTopics {
  private NaiveTopics() {}

  private static boolean isText(String text) {
    return !text.isEmpty()
        && text.indexOf('\0') < 0
        && text.getBytes(StandardCharsets.UTF_8).length <= 65_535;
  }

  private static List<String> levels(String text) {
    return List.of(text.split("/", -1));
  }

  static boolean isName(String text) {
    return isText(text) && !text.contains("+") && !text.contains("#");
  }

  static boolean isFilter(String text) {
    List<String> levels = levels(text);
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      boolean plus = level.contains("+") && !level.equals("+");
      boolean hash = level.contains("#") && !(level.equals("#") && i == levels.size() - 1);
      if (plus || hash) {
        return false;
      }
    }
    return isText(text);
  }

  static boolean isSharedFilter(String text) {
    if (!text.startsWith("$share/")) {
      return isFilter(text);
    }
    String[] parts = text.split("/", 3);
    return parts.length == 3 && isName(parts[1]) && isFilter(parts[2]);
  }

  static boolean matches(String filter, String name) {
    boolean wild = filter.startsWith("+") || filter.startsWith("#");
    return !(wild && name.startsWith("$")) && matches(levels(filter), levels(name));
  }

  private static boolean matches(List<String> filter, List<String> name) {
    for (int i = 0; i < filter.size(); i++) {
      String level = filter.get(i);
      if (level.equals("#")) {
        return true;
      }
      if (i == name.size() || !(level.equals("+") || level.equals(name.get(i)))) {
        return false;
      }
    }
    return filter.size() == name.size();
  }
}
