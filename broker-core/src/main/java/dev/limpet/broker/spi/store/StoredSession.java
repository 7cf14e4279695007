package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Subscription;
import java.util.List;
import java.util.Map;

/**
 * Holds the stored state a durable session gives its new connection. Immutable.
 *
 * @param present whether it was there before [MQTT-3.2.2-2], [MQTT-3.2.2-3]
 * @param released inbox sequences of QoS 2 deliveries that got PUBREC and not yet PUBCOMP
 * @param received packet ids of inbound QoS 2 publications without PUBREL, and the ids these got
 * @param sentThrough the highest inbox sequence that may have been sent to the client before:
 *     unacknowledged deliveries up to here are resent with DUP, those above are new
 */
public record StoredSession(
    boolean present,
    List<Subscription> subscriptions,
    List<Long> released,
    Map<Integer, PublicationId> received,
    long sentThrough) {

  public StoredSession {
    subscriptions = List.copyOf(subscriptions);
    released = List.copyOf(released);
    received = Map.copyOf(received);
  }
}
