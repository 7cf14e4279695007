package dev.limpet.broker;

import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Cluster;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.SessionStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/**
 * What a broker is plugged into. Immutable.
 *
 * @param registry takes the broker's metrics, all named {@code limpet.…}
 * @param wallMillis the wall clock, epoch milliseconds
 */
public record BrokerPorts(
    Cluster cluster,
    SessionStore sessions,
    RetainedStore retained,
    Authenticator authenticator,
    EnhancedAuthenticator enhanced,
    Authorizer authorizer,
    BrokerEvents events,
    MeterRegistry registry,
    LongSupplier wallMillis) {

  /** Ports without enhanced authentication. */
  public BrokerPorts(
      Cluster cluster,
      SessionStore sessions,
      RetainedStore retained,
      Authenticator authenticator,
      Authorizer authorizer,
      BrokerEvents events,
      MeterRegistry registry,
      LongSupplier wallMillis) {
    this(
        cluster,
        sessions,
        retained,
        authenticator,
        EnhancedAuthenticator.NONE,
        authorizer,
        events,
        registry,
        wallMillis);
  }

  /** The same with methods of enhanced authentication. */
  public BrokerPorts withEnhanced(EnhancedAuthenticator methods) {
    return new BrokerPorts(
        cluster,
        sessions,
        retained,
        authenticator,
        methods,
        authorizer,
        events,
        registry,
        wallMillis);
  }
}
