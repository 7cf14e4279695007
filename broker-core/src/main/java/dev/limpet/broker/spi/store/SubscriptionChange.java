package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;

/**
 * Holds the changes of one SUBSCRIBE or UNSUBSCRIBE; an added filter replaces the same one.
 * Immutable.
 */
public record SubscriptionChange(List<Subscription> added, List<SharedFilter> removed) {

  public SubscriptionChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }
}
