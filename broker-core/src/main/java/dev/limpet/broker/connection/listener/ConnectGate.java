package dev.limpet.broker.connection.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Counts a listener's connections and says when they are too many or too fast. Thread-safe. */
final class ConnectGate {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Why a socket was closed before it became a client. */
  enum Refusal {
    CONNECTIONS_MAX,
    CONNECT_RATE,
    HANDSHAKES_MAX,
    HANDSHAKES_PER_ADDRESS_MAX,
    UNTRUSTED_PROXY,
    PROXY_HEADER,
    TLS,
    CERTIFICATE,
    UNKNOWN_GUARDS,
    WEB_SOCKET,
    TIMEOUT,
    CLOSED_EARLY
  }

  private final ListenerOptions.Limits limits;
  private final String name;
  private final MeterRegistry registry;
  private final LongSupplier nanos;
  private final AtomicInteger connections = new AtomicInteger();

  /** When the next connection would be due if they came evenly; as a distance from the start. */
  private final AtomicLong dueNanos = new AtomicLong();

  private final long startNanos;

  ConnectGate(ListenerOptions options, MeterRegistry registry, LongSupplier nanos) {
    this.limits = options.limits();
    this.name = options.name();
    this.registry = registry;
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
    Gauge.builder("limpet.listener.connections", connections, AtomicInteger::get)
        .description("sockets of a listener, let in or on their way")
        .tag("listener", name)
        .register(registry);
  }

  /**
   * Lets one in, to be followed by {@link #leave}; false when it has to go.
   *
   * @param makeRoom has another socket go that only waits; false when there is none
   */
  boolean enter(BooleanSupplier makeRoom) {
    if (connections.incrementAndGet() > limits.connectionsMax() && !makeRoom.getAsBoolean()) {
      connections.decrementAndGet();
      refused(Refusal.CONNECTIONS_MAX);
      return false;
    }
    if (!isInRate()) {
      connections.decrementAndGet();
      refused(Refusal.CONNECT_RATE);
      return false;
    }
    return true;
  }

  private boolean isInRate() {
    if (limits.connectsPerSecondMax() == 0) {
      return true;
    }
    long stepNanos = BURST_NANOS / limits.connectsPerSecondMax();
    long nowNanos = nanos.getAsLong() - startNanos;
    while (true) {
      long due = dueNanos.get();
      long next = Math.max(due, nowNanos) + stepNanos;
      if (next - nowNanos > BURST_NANOS) {
        return false;
      }
      if (dueNanos.compareAndSet(due, next)) {
        return true;
      }
    }
  }

  void leave() {
    connections.decrementAndGet();
  }

  void refused(Refusal why) {
    Counter.builder("limpet.listener.refused")
        .description("Sockets a listener closed before their first byte of MQTT, by the reason")
        .tags("listener", name, "reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }
}
