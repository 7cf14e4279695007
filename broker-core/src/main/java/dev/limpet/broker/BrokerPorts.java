package dev.limpet.broker;

import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.memory.HeapGauge;
import dev.limpet.broker.memory.MemoryGauge;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.NodeGuards;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/**
 * Groups the ports through which a broker reaches its surroundings. Immutable.
 *
 * @param events plug-in that is told of connections
 * @param eventLog told what happens to clients
 * @param memory tells how much is held
 * @param registry takes the broker's metrics, all named {@code limpet.…}
 * @param wallMillis the clock that intervals run by, in epoch milliseconds: the same for the
 *     stores, and for all nodes, since what one has written another judges; it must not jump
 */
public record BrokerPorts(
    Cluster cluster,
    Stores stores,
    NodeGuards guards,
    BrokerEvents events,
    EventLog eventLog,
    MemoryGauge memory,
    MeterRegistry registry,
    LongSupplier wallMillis) {

  /** The ports of a node that watches the heap of this process and has a clock of its own. */
  public static BrokerPorts ofProcess(
      Cluster cluster, Stores stores, NodeGuards guards, BrokerEvents events, Log log) {
    return new BrokerPorts(
        cluster,
        stores,
        guards,
        events,
        log.events(),
        new HeapGauge(),
        log.registry(),
        SteadyClock.ofSystem());
  }

  /** The same with the clock by which the stores' contents were and will be written. */
  public BrokerPorts withClock(LongSupplier clock) {
    return new BrokerPorts(cluster, stores, guards, events, eventLog, memory, registry, clock);
  }

  /** Groups the log and metrics of a node. Immutable. */
  public record Log(EventLog events, MeterRegistry registry) {}
}
