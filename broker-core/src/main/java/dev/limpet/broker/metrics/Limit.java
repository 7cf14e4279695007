package dev.limpet.broker.metrics;

import java.util.Locale;

/**
 * Names the limits at which the broker refuses a client's request, each counted separately: {@code
 * limpet.refused} with the option's name as the label {@code limit}. Messages dropped on their way
 * to a client count as dropped deliveries instead.
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
