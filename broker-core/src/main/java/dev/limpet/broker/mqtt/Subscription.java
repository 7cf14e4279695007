package dev.limpet.broker.mqtt;

import dev.limpet.broker.topic.SharedFilter;

/**
 * One filter a session has subscribed to, with its options (MQTT 5.0 section 3.8.3.1). Immutable.
 *
 * @param maxQos the QoS granted
 * @param noLocal do not send back this client's own publications
 * @param retainAsPublished keep the RETAIN flag when forwarding
 * @param subscriptionId 1 to 268,435,455, or 0 for none
 */
public record Subscription(
    SharedFilter filter,
    Qos maxQos,
    boolean noLocal,
    boolean retainAsPublished,
    RetainHandling retainHandling,
    int subscriptionId) {

  /** A subscription as 3.1.1 knows it. */
  public static Subscription plain(SharedFilter filter, Qos maxQos) {
    return new Subscription(filter, maxQos, false, false, RetainHandling.SEND, 0);
  }
}
