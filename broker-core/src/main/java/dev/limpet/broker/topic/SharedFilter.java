package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * A filter as SUBSCRIBE carries it: {@code $share/group/filter} or, with no group, the plain filter
 * (MQTT 5.0 section 4.8.2).
 *
 * <p>Immutable.
 */
public record SharedFilter(@Nullable String group, TopicFilter filter) {
  private static final String PREFIX = "$share/";

  /**
   * Reads the text of a SUBSCRIBE or UNSUBSCRIBE.
   *
   * @throws InvalidTopicException when the group is empty or holds a wildcard, when no filter
   *     follows it, or when the filter itself is malformed [MQTT-4.8.2-1], [MQTT-4.8.2-2]
   */
  public static SharedFilter parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return new SharedFilter(null, TopicFilter.of(text));
    }
    int slash = text.indexOf('/', PREFIX.length());
    if (slash < 0 || slash == text.length() - 1) {
      throw new InvalidTopicException("'$share/group' is followed by '/' and a filter");
    }
    String group = text.substring(PREFIX.length(), slash);
    TopicRules.requireLength(group);
    if (group.indexOf('+') >= 0 || group.indexOf('#') >= 0) {
      throw new InvalidTopicException("a share group has a name without wildcards");
    }
    return new SharedFilter(group, TopicFilter.of(text.substring(slash + 1)));
  }

  /** Whether it names a share group. */
  public boolean isShared() {
    return group != null;
  }

  @Override
  public String toString() {
    return group == null ? filter.value() : PREFIX + group + '/' + filter.value();
  }
}
