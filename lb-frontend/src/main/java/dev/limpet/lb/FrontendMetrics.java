package dev.limpet.lb;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Holds the meters of one frontend, all tagged with the listener's name. Thread-safe: the
 * registry's meters.
 */
public final class FrontendMetrics {

  private static final String LISTENER = "listener";

  private final MeterRegistry registry;
  private final String listener;
  private final Counter local;
  private final Counter relayed;
  private final Counter fallback;
  private final Counter stalled;
  private final Counter relayedToHome;
  private final Counter relayedToClient;
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
  private final List<Meter> gauges = new CopyOnWriteArrayList<>();

  /**
   * Registers the counters; the gauges come when the frontend starts.
   *
   * @param registry the node's registry
   * @param listener value of the tag {@code listener}, distinct for each frontend of a registry
   */
  public FrontendMetrics(MeterRegistry registry, String listener) {
    this.registry = registry;
    this.listener = listener;
    local = connections("local").description("Connections served by this node").register(registry);
    relayed =
        connections("relayed").description("Connections relayed to their home").register(registry);
    fallback =
        connections("fallback")
            .description("Connections served here because the home could not be reached")
            .register(registry);
    stalled =
        Counter.builder("limpet.frontend.relays.stalled")
            .tag(LISTENER, listener)
            .description("Relayed connections closed because one side did not read")
            .register(registry);
    relayedToHome = relayedBytes("home");
    relayedToClient = relayedBytes("client");
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(
          reason,
          connections("rejected")
              .tag("reason", reason.tag())
              .description("Connections closed by the frontend, by reason")
              .register(registry));
    }
  }

  private Counter.Builder connections(String outcome) {
    return Counter.builder("limpet.frontend.connections." + outcome).tag(LISTENER, listener);
  }

  private Counter relayedBytes(String to) {
    return Counter.builder("limpet.frontend.relayed.bytes")
        .tags(LISTENER, listener, "to", to)
        .description("Bytes relayed, by direction, without PROXY headers")
        .register(registry);
  }

  void register(FrontendAdmission admission, BackendPool backends) {
    gauge(
        "limpet.frontend.handshakes",
        "Connections whose client id is not known yet",
        admission::handshakes);
    gauge(
        "limpet.frontend.handshake.bytes",
        "Bytes buffered for connections whose client id is not known yet",
        admission::handshakeBytes);
    gauge(
        "limpet.frontend.connections.open",
        "Open connections of the listener, including relayed ones",
        admission::connections);
    gauge(
        "limpet.frontend.relays",
        "Connections being relayed to their home now",
        () -> backends.relays().size());
    gauge(
        "limpet.frontend.relay.queued.bytes",
        "Bytes buffered in relays until a side reads them",
        backends::queuedBytes);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    gauges.add(
        Gauge.builder(name, value)
            .tag(LISTENER, listener)
            .description(description)
            .register(registry));
  }

  /** Takes the gauges out of the registry; the counters stay. */
  void unregister() {
    gauges.forEach(registry::remove);
    gauges.clear();
  }

  void local() {
    local.increment();
  }

  void relayed() {
    relayed.increment();
  }

  void fallback() {
    fallback.increment();
  }

  void stalled() {
    stalled.increment();
  }

  void rejected(RejectReason reason) {
    Counter counter = rejected.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  Counter relayedToHome() {
    return relayedToHome;
  }

  Counter relayedToClient() {
    return relayedToClient;
  }
}
