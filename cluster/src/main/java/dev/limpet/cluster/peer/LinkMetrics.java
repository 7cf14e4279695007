package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.NodeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;

/** Counts of one link to a peer; removed with it. Thread-safe. */
final class LinkMetrics {

  private final MeterRegistry registry;
  private final Counter dropped;
  private final Counter refused;
  private final Counter connections;
  private final Gauge bytes;
  private final Gauge requests;

  LinkMetrics(
      MeterRegistry registry, NodeId peer, Supplier<Number> bytes, Supplier<Number> requests) {
    this.registry = registry;
    String name = peer.name();
    this.dropped =
        Counter.builder("limpet.peer.deliveries.dropped")
            .description("Live deliveries dropped because the link to the peer was full")
            .tag("peer", name)
            .register(registry);
    this.refused =
        Counter.builder("limpet.peer.requests.refused")
            .description("Requests that failed because the link to the peer was full")
            .tag("peer", name)
            .register(registry);
    this.connections =
        Counter.builder("limpet.peer.connections")
            .description("Connections opened to the peer")
            .tag("peer", name)
            .register(registry);
    this.bytes =
        Gauge.builder("limpet.peer.pending.bytes", bytes)
            .description("Bytes sent to the peer that it has not acknowledged or answered")
            .tag("peer", name)
            .register(registry);
    this.requests =
        Gauge.builder("limpet.peer.pending.requests", requests)
            .description("Requests the peer has not answered")
            .tag("peer", name)
            .register(registry);
  }

  void countDropped() {
    dropped.increment();
  }

  void countRefused() {
    refused.increment();
  }

  void countConnection() {
    connections.increment();
  }

  /** Gauges hold the link, so they go with it; counters stay for the peer's next life. */
  void close() {
    for (Meter gauge : List.of(bytes, requests)) {
      registry.remove(gauge);
    }
  }
}
