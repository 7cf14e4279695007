package dev.limpet.broker.mqtt;

import java.util.List;

/**
 * A publication on its way to one session: all its matching subscriptions merged into one.
 * Immutable.
 *
 * @param qos the lower of the publication's and the highest granted QoS [MQTT-3.8.4-8]
 * @param retain the RETAIN flag the subscriber sees
 * @param subscriptionIds of all matching subscriptions that have one [MQTT-3.3.4-3]
 */
public record Delivery(
    Publication publication, Qos qos, boolean retain, List<Integer> subscriptionIds) {

  public Delivery {
    subscriptionIds = List.copyOf(subscriptionIds);
  }
}
