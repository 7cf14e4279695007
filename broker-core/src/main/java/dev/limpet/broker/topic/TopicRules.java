package dev.limpet.broker.topic;

/** Checks the rules that topic names and filters share. Stateless. */
final class TopicRules {
  /** Longest UTF-8 string MQTT can carry, in bytes [MQTT-4.7.3-3]. */
  static final int BYTES_MAX = 65_535;

  private TopicRules() {}

  /** Whether a topic or filter is the server's own to publish to. */
  static boolean isSystem(String value) {
    return value.startsWith("$SYS") && (value.length() == 4 || value.charAt(4) == '/');
  }

  static void requireLength(String value) {
    if (value.isEmpty()) {
      throw new InvalidTopicException("a topic has at least one character"); // [MQTT-4.7.3-1]
    }
    // A char takes three bytes at most, so nearly no topic has to be counted.
    if (value.length() > BYTES_MAX / 3
        && (value.length() > BYTES_MAX || utf8Bytes(value) > BYTES_MAX)) {
      throw new InvalidTopicException("a topic has at most 65535 bytes"); // [MQTT-4.7.3-3]
    }
    if (value.indexOf('\0') >= 0) {
      throw new InvalidTopicException("a topic holds no U+0000"); // [MQTT-4.7.3-2]
    }
  }

  private static int utf8Bytes(String value) {
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      // Each half of a surrogate pair counts two: together the four bytes of UTF-8.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
