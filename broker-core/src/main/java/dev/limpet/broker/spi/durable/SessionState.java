package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Subscription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of a durable session as a value, for serializers. Immutable.
 *
 * @param epoch of the claim that opened it last
 * @param host where it is connected; null when closed
 * @param resumed what that open answered to "session present"
 * @param expirySeconds life after the connection ends
 * @param expiresAtMillis wall clock; {@link Long#MAX_VALUE} while connected or without expiry
 * @param sentThrough highest inbox sequence that may have been sent
 * @param received inbound QoS 2 packet ids without PUBREL
 */
public record SessionState(
    long epoch,
    @Nullable NodeId host,
    boolean resumed,
    long expirySeconds,
    long expiresAtMillis,
    long sentThrough,
    List<Subscription> subscriptions,
    Map<Integer, PublicationId> received,
    InboxState inbox) {

  public SessionState {
    subscriptions = List.copyOf(subscriptions);
    received = Map.copyOf(received);
  }
}
