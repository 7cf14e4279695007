package dev.limpet.broker;

import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.memory.HeapGauge;
import dev.limpet.broker.memory.MemoryGauge;
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
 * @param memory tells how much is held
 * @param registry takes the broker's metrics, all named {@code limpet.…}
 * @param wallMillis the wall clock, epoch milliseconds
 * @param eventLog told what happens to clients
 */
public record BrokerPorts(
    Cluster cluster,
    SessionStore sessions,
    RetainedStore retained,
    Authenticator authenticator,
    EnhancedAuthenticator enhanced,
    Authorizer authorizer,
    BrokerEvents events,
    MemoryGauge memory,
    MeterRegistry registry,
    LongSupplier wallMillis,
    EventLog eventLog) {

  /** Ports without enhanced authentication, that watch the heap of this process. */
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
        new HeapGauge(),
        registry,
        wallMillis,
        new EventLog());
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
        memory,
        registry,
        wallMillis,
        eventLog);
  }

  /** The same with another measure of memory. */
  public BrokerPorts withMemory(MemoryGauge gauge) {
    return new BrokerPorts(
        cluster,
        sessions,
        retained,
        authenticator,
        enhanced,
        authorizer,
        events,
        gauge,
        registry,
        wallMillis,
        eventLog);
  }

  /** The same with another log of what happens to clients. */
  public BrokerPorts withEventLog(EventLog log) {
    return new BrokerPorts(
        cluster,
        sessions,
        retained,
        authenticator,
        enhanced,
        authorizer,
        events,
        memory,
        registry,
        wallMillis,
        log);
  }
}
