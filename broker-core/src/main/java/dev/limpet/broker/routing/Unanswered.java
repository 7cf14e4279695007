package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the appends of each publisher that no home has answered yet: while homes move, a later
 * publication could overtake them [MQTT-4.6.0-6].
 *
 * <p>Thread-safe. Bounded by the publishers' unacknowledged messages.
 */
final class Unanswered {
  private final Map<ClientId, Integer> appends = new ConcurrentHashMap<>();

  void sent(ClientId publisher) {
    appends.merge(publisher, 1, Integer::sum);
  }

  /**
   * A home has answered, or never will.
   *
   * @return whether none of the publisher's is left
   */
  boolean answered(ClientId publisher) {
    return appends.computeIfPresent(publisher, (id, count) -> count == 1 ? null : count - 1)
        == null;
  }

  boolean hasAny(ClientId publisher) {
    return !appends.isEmpty() && appends.containsKey(publisher);
  }
}
