package dev.limpet.broker.routing.replay;

import dev.limpet.broker.mqtt.PublicationId;
import java.util.Map;

/**
 * Records the last publication number of each node at one moment. Immutable.
 *
 * @param lastByOrigin the last number each node had given, by its incarnation; nodes that did not
 *     answer are left out
 */
public record Watermarks(Map<Long, Long> lastByOrigin) {
  /** Of no node. */
  public static final Watermarks NONE = new Watermarks(Map.of());

  public Watermarks {
    lastByOrigin = Map.copyOf(lastByOrigin);
  }

  /** Whether a publication was certainly numbered after that moment. */
  boolean isBefore(PublicationId id) {
    Long last = lastByOrigin.get(id.origin());
    return last != null && id.sequence() > last;
  }
}
