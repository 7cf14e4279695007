package dev.limpet.broker.access;

import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.topic.TopicFilter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Represents one line of an access file. Immutable; a check allocates nothing. */
final class AccessRule {

  /** The kinds of rules. */
  enum Kind {
    READ,
    WRITE,
    READWRITE,
    DENY;

    boolean includes(Kind wanted) {
      return this == wanted || this == READWRITE && wanted != DENY;
    }
  }

  private static final String PLUS = "+";
  private static final String HASH = "#";
  private static final String CLIENT = "%c";
  private static final String USER = "%u";

  private final Kind kind;
  private final List<String> levels;
  private final boolean pattern;

  /**
   * @param pattern whether {@code %c} and {@code %u} stand for the client's names
   */
  AccessRule(Kind kind, TopicFilter filter, boolean pattern) {
    this.kind = kind;
    this.levels = Arrays.asList(filter.value().split("/", -1));
    this.pattern = pattern;
  }

  Kind kind() {
    return kind;
  }

  /** Whether all topics of a filter (or the one topic {@code text} is) are among this rule's. */
  boolean covers(ClientIdentity client, String text) {
    int start = 0;
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      if (level.equals(HASH)) {
        return !isReserved(i, text);
      }
      if (start > text.length()) {
        return false;
      }
      int end = endOfLevel(text, start);
      boolean covered =
          level.equals(PLUS)
              ? !isReserved(i, text) && !isLevel(text, start, end, HASH)
              : isNamed(level, client, i) && isLevel(text, start, end, named(level, client));
      if (!covered) {
        return false;
      }
      start = end + 1;
    }
    return start > text.length();
  }

  /** Whether any topic of a filter (or the one topic {@code text} is) is among this rule's. */
  boolean touches(ClientIdentity client, String text) {
    int start = 0;
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      if (level.equals(HASH)) {
        return !isReserved(i, text);
      }
      if (start > text.length()) {
        return false;
      }
      if (isPlaceholder(level) && !isNamed(level, client, i)) {
        return named(level, client) != null; // a name that cannot be a level: everything below
      }
      int end = endOfLevel(text, start);
      if (isLevel(text, start, end, HASH)) {
        return !reservesFirst(i, named(level, client));
      }
      if (!touchesLevel(i, text, end, start, named(level, client))) {
        return false;
      }
      start = end + 1;
    }
    return start > text.length() || isLevel(text, start, text.length(), HASH);
  }

  private static boolean touchesLevel(
      int index, String text, int end, int start, @Nullable String level) {
    if (isLevel(text, start, end, PLUS)) {
      return !reservesFirst(index, level);
    }
    return PLUS.equals(level) ? !isReserved(index, text) : isLevel(text, start, end, level);
  }

  private boolean isPlaceholder(String level) {
    return pattern && (level.equals(CLIENT) || level.equals(USER));
  }

  /** Resolves a level's placeholder; null for a name that the client does not have. */
  private @Nullable String named(String level, ClientIdentity client) {
    if (!isPlaceholder(level)) {
      return level;
    }
    return level.equals(CLIENT) ? client.clientId().value() : client.userName();
  }

  /** Whether a level is there for this client, and is one level that names nothing but itself. */
  private boolean isNamed(String level, ClientIdentity client, int index) {
    String name = named(level, client);
    if (!isPlaceholder(level)) {
      return true;
    }
    return name != null
        && !name.isEmpty()
        && name.indexOf('+') < 0
        && name.indexOf('#') < 0
        && name.indexOf('/') < 0
        && !reservesFirst(index, name);
  }

  /** The first level of a topic that the server keeps for itself; wildcards skip it. */
  private static boolean isReserved(int index, String text) {
    return index == 0 && text.startsWith("$"); // [MQTT-4.7.2-1]
  }

  private static boolean reservesFirst(int index, @Nullable String level) {
    return index == 0 && level != null && level.startsWith("$");
  }

  private static int endOfLevel(String text, int start) {
    int slash = text.indexOf('/', start);
    return slash < 0 ? text.length() : slash;
  }

  private static boolean isLevel(String text, int start, int end, @Nullable String level) {
    return level != null
        && end - start == level.length()
        && text.regionMatches(start, level, 0, level.length());
  }
}
