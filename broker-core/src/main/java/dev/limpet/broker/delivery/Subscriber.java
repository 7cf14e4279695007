package dev.limpet.broker.delivery;

import dev.limpet.broker.events.Client;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.topic.TopicFilter;
import java.util.function.Consumer;

/**
 * Receives the deliveries of a connected session. The connection implements it and passes itself
 * in.
 *
 * <p>{@link #lane}, {@link #clientId} and {@link #isDurable} may be called from anywhere, the
 * others only on the lane.
 */
public interface Subscriber {

  Lane lane();

  ClientId clientId();

  boolean isDurable();

  /** Who it is, for the log; on its lane. */
  default Client client() {
    return Client.away(clientId().value());
  }

  /** Takes a delivery of the live path; false when it was dropped at a bound. */
  boolean deliver(Delivery delivery);

  /** The same for a retained message that a new subscription brings; never held back. */
  boolean replay(Delivery delivery);

  /** Deliveries of the live path that match are held back until the hold is given to goOn. */
  HeldBack.Hold holdBack(TopicFilter filter);

  /**
   * Nothing is held back any more for this subscription.
   *
   * @param refused takes deliveries that find no room now
   */
  void goOn(HeldBack.Hold hold, Consumer<Delivery> refused);
}
