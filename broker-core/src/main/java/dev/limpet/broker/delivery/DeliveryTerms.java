package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States how one session gets a publication: merges its matching subscriptions, so that overlapping
 * filters bring one copy at the highest QoS [MQTT-3.3.4-2]. Immutable.
 *
 * @param subscriptionIds of those subscriptions that have one [MQTT-3.3.4-3], [MQTT-3.3.4-4]
 */
public record DeliveryTerms(Qos maxQos, boolean retainAsPublished, List<Integer> subscriptionIds) {

  /** The terms of one subscription. */
  public static DeliveryTerms of(Subscription subscription) {
    int id = subscription.subscriptionId();
    return new DeliveryTerms(
        subscription.maxQos(), subscription.retainAsPublished(), id == 0 ? List.of() : List.of(id));
  }

  DeliveryTerms and(Subscription other) {
    List<Integer> ids = subscriptionIds;
    if (other.subscriptionId() != 0) {
      ids = new ArrayList<>(subscriptionIds);
      ids.add(other.subscriptionId());
    }
    Qos higher = maxQos.compareTo(other.maxQos()) >= 0 ? maxQos : other.maxQos();
    return new DeliveryTerms(higher, retainAsPublished || other.retainAsPublished(), ids);
  }

  /** The delivery these terms make of a publication that is not a retained replay. */
  public Delivery delivery(Publication publication) {
    return delivery(publication, null);
  }

  /** The same for a member that was picked from its share group. */
  public Delivery delivery(Publication publication, @Nullable SharedFilter share) {
    return new Delivery(
        publication,
        publication.qos().atMost(maxQos),
        retainAsPublished && publication.retain(), // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
        subscriptionIds,
        share);
  }
}
