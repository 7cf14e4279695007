package dev.limpet.broker.topic;

/**
 * Represents the filter of a subscription: levels between slashes, {@code +} for any one level,
 * {@code #} as the last level for any number of them (MQTT 5.0 section 4.7.1).
 *
 * <p>Immutable. A shared filter ({@code $share/group/filter}) is no TopicFilter but a {@link
 * SharedFilter}, which holds one.
 */
public record TopicFilter(String value) implements Comparable<TopicFilter> {

  /**
   * @throws InvalidTopicException when {@code value} is empty, too long, holds U+0000, or has a
   *     wildcard beside other characters of its level or a {@code #} before the end
   */
  public TopicFilter {
    TopicRules.requireLength(value);
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c != '+' && c != '#') {
        continue;
      }
      boolean startsLevel = i == 0 || value.charAt(i - 1) == '/';
      boolean endsLevel = i == length - 1 || value.charAt(i + 1) == '/';
      if (!startsLevel || !endsLevel) {
        throw new InvalidTopicException("a wildcard stands alone in its level"); // [MQTT-4.7.1-2]
      }
      if (c == '#' && i != length - 1) {
        throw new InvalidTopicException("'#' is the last level"); // [MQTT-4.7.1-1]
      }
    }
  }

  /** The filter {@code value}. */
  public static TopicFilter of(String value) {
    return new TopicFilter(value);
  }

  /** Whether it can match more than one topic. */
  public boolean hasWildcard() {
    return value.indexOf('+') >= 0 || value.endsWith("#");
  }

  /** Whether it can match only {@code $SYS} and topics below it. */
  public boolean isSystem() {
    return TopicRules.isSystem(value);
  }

  /** Whether a publication to {@code topic} is wanted by this filter. */
  public boolean matches(TopicName topic) {
    return FilterMatch.matches(value, topic.value());
  }

  @Override
  public int compareTo(TopicFilter other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
