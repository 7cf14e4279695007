package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import java.util.List;

/**
 * Shows a connected client, as its host sees it, to operators. Immutable.
 *
 * @param queued deliveries that wait in this node's memory
 */
public record ClientView(
    Claim claim, boolean durable, int queued, String address, List<Subscription> subscriptions) {

  public ClientView {
    subscriptions = List.copyOf(subscriptions);
  }
}
