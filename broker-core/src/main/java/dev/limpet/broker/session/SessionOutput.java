package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;

/** Writes a session's packets to its connection. Called on the session's lane only. */
public interface SessionOutput {

  /** Whether the client reads fast enough to be sent more now. */
  boolean isWritable();

  /**
   * Writes a PUBLISH.
   *
   * @param packetId 0 at QoS 0
   * @param dup whether it may have been sent before: then it is sent though it has expired
   * @return false when the delivery can never be sent to this client (it has expired
   *     [MQTT-3.3.2-5], or is larger than the client's Maximum Packet Size [MQTT-3.1.2-24]): it
   *     counts as done
   */
  boolean publish(Delivery delivery, int packetId, boolean dup);

  /** Writes PUBACK, PUBREC, PUBREL or PUBCOMP. */
  void acknowledge(AcknowledgementKind kind, int packetId, ReasonCode reason);
}
