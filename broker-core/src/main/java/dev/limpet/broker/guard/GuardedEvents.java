package dev.limpet.broker.guard;

import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;

/** Shields a connection from the exceptions of its listener. Stateless but for its port. */
public final class GuardedEvents implements BrokerEvents {
  private final BrokerEvents events;

  public GuardedEvents(BrokerEvents events) {
    this.events = events;
  }

  @Override
  public void connected(Claim claim, ClientIdentity client) {
    Guard.tell("BrokerEvents.connected", () -> events.connected(claim, client));
  }

  @Override
  public void disconnected(Claim claim, ReasonCode reason) {
    Guard.tell("BrokerEvents.disconnected", () -> events.disconnected(claim, reason));
  }
}
