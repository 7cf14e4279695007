package dev.limpet.broker.metrics;

import java.util.Locale;

/**
 * The bounds at which something a client asked for is refused, each counted by itself: {@code
 * limpet.refused} with the option's name as the label {@code limit}. What is dropped on its way to
 * a client counts as a dropped delivery instead.
 */
public enum Limit {
  MAX_PACKET_BYTES,
  CONNECT_BYTES_MAX,
  CONNECT_MILLIS_MAX,
  CLIENT_ID_BYTES_MAX,
  TOPIC_BYTES_MAX,
  TOPIC_LEVELS_MAX,
  FILTERS_PER_PACKET_MAX,
  SUBSCRIPTIONS_MAX,
  RECEIVE_MAXIMUM,
  SESSIONS_MAX,
  NODE_SOCKET_BYTES_MAX,
  MEMORY_CEILING;

  /** The option that sets it, as written in a file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
