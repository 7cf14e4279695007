package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the home needs of a stored session to route for it. Immutable.
 *
 * @param host where it is connected; null while it is offline
 * @param expiresAtMillis wall clock; {@link Long#MAX_VALUE} while connected or without expiry
 * @param inboxDepth unacknowledged deliveries
 * @param lastSequence the highest sequence in the inbox; 0 for an empty one
 */
public record SessionImage(
    ClientId clientId,
    long epoch,
    @Nullable NodeId host,
    long expiresAtMillis,
    int inboxDepth,
    long lastSequence,
    List<Subscription> subscriptions) {

  public SessionImage {
    subscriptions = List.copyOf(subscriptions);
  }
}
