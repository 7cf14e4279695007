package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from the connection it was told of. Stateless but for its port. */
public final class GuardedEvents implements BrokerEvents {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedEvents.class);

  private final BrokerEvents events;

  public GuardedEvents(BrokerEvents events) {
    this.events = events;
  }

  @Override
  public void connected(Claim claim, ClientIdentity client) {
    guarded(() -> events.connected(claim, client));
  }

  @Override
  public void disconnected(Claim claim, ReasonCode reason) {
    guarded(() -> events.disconnected(claim, reason));
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error("A listener to the broker's events failed", e);
    }
  }
}
