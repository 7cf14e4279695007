package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a connected client's session in memory: its subscriptions and the windows in both
 * directions. For a durable session this is the working copy of the stored one.
 *
 * <p>Confined to its lane.
 */
public final class Session {
  private final ClientId clientId;
  private final boolean durable;
  private final ReceiveWindow receiveWindow;
  private final Map<SharedFilter, Subscription> subscriptions = new LinkedHashMap<>();

  /**
   * @param durable whether it outlives the connection
   * @param subscriptions it starts with
   */
  public Session(
      ClientId clientId,
      boolean durable,
      ReceiveWindow receiveWindow,
      Collection<Subscription> subscriptions) {
    this.clientId = clientId;
    this.durable = durable;
    this.receiveWindow = receiveWindow;
    subscriptions.forEach(s -> this.subscriptions.put(s.filter(), s));
  }

  public ClientId clientId() {
    return clientId;
  }

  public boolean isDurable() {
    return durable;
  }

  public ReceiveWindow receiveWindow() {
    return receiveWindow;
  }

  /** Adds a subscription, or replaces the one with the same filter, which is answered. */
  public @Nullable Subscription subscribe(Subscription subscription) {
    return subscriptions.put(subscription.filter(), subscription);
  }

  /** Ends a subscription and answers it; null when there was none. */
  public @Nullable Subscription unsubscribe(SharedFilter filter) {
    return subscriptions.remove(filter);
  }

  /** Whether it is subscribed to exactly this filter. */
  public boolean hasSubscription(SharedFilter filter) {
    return subscriptions.containsKey(filter);
  }

  /** Whether any of its subscriptions is shared. */
  public boolean isInShareGroup() {
    return subscriptions.keySet().stream().anyMatch(SharedFilter::isShared);
  }

  /** A copy of the subscriptions, in the order they were made. */
  public List<Subscription> subscriptions() {
    return List.copyOf(subscriptions.values());
  }

  public int subscriptionCount() {
    return subscriptions.size();
  }
}
