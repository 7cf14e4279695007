package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;

/**
 * Holds one filter of a SUBSCRIBE with its options (MQTT 5.0 section 3.8.3.1). Immutable.
 *
 * @param filterText as sent, not yet checked; an invalid one is refused in SUBACK
 */
public record SubscribeRequest(
    String filterText,
    Qos maxQos,
    boolean noLocal,
    boolean retainAsPublished,
    RetainHandling retainHandling) {

  /** A request as 3.1.1 knows it. */
  public static SubscribeRequest plain(String filterText, Qos maxQos) {
    return new SubscribeRequest(filterText, maxQos, false, false, RetainHandling.SEND);
  }
}
