package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;

/**
 * A connected session that deliveries go to. The connection implements it and hands itself down.
 *
 * <p>{@link #lane}, {@link #clientId} and {@link #isDurable} may be called from anywhere, the
 * others only on the lane.
 */
public interface Subscriber {

  Lane lane();

  ClientId clientId();

  boolean isDurable();

  /** Takes a delivery of the live path; false when it was dropped at a bound. */
  boolean deliver(Delivery delivery);

  /** The same for a retained message that a new subscription brings. */
  boolean replay(Delivery delivery);
}
