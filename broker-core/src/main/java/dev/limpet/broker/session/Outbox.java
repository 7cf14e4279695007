package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.List;

/** Sends deliveries to one connected client, and handles its acknowledgements. */
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
   * Takes deliveries of a share group that another member may get instead: those not sent, and
   * those sent at QoS 1 but not acknowledged [MQTT-4.8.2-5]. Call once, when the session ends.
   */
  List<Delivery> leftOfShares();

  /** The connection has ended: drops deliveries in memory, and accepts no more. */
  void discard();

  /** How many deliveries wait in this node's memory. */
  int queued();
}
