package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.List;

/** The way out to one connected client: what it gets next and what its acknowledgements mean. */
public interface Outbox {

  /**
   * Sends a delivery of the live path, now or when the client can take it.
   *
   * @return false when it was dropped because a bound was reached
   */
  boolean deliver(Delivery delivery);

  /** The same for a retained message that a new subscription brings, with the others of it. */
  boolean replay(Delivery delivery);

  /** PUBACK of a delivery at QoS 1. */
  void puback(int packetId, ReasonCode reason);

  /** PUBREC of a delivery at QoS 2. */
  void pubrec(int packetId, ReasonCode reason);

  /** PUBCOMP of a delivery at QoS 2. */
  void pubcomp(int packetId);

  /** The client can take more: its socket is writable again. */
  void drain();

  /**
   * What came by a share group and another member may get instead: what was not sent, and what was
   * sent at QoS 1 and not acknowledged [MQTT-4.8.2-5]. Once, when the session ends.
   */
  List<Delivery> leftOfShares();

  /** The connection has ended: forgets what waits in memory, and takes nothing more. */
  void discard();

  /** How many deliveries wait in this node's memory. */
  int queued();
}
