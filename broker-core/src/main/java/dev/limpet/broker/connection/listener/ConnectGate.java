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
import org.jspecify.annotations.Nullable;

/**
 * Counts a listener's connections and rejects them when they are too many or too fast. Thread-safe.
 */
final class ConnectGate {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Why a socket was closed before it became a client. */
  enum Refusal {
    CONNECTIONS_MAX("the listener has as many connections as it may (max-connections)"),
    CONNECT_RATE("connections arrive faster than the listener accepts them (connect-rate)"),
    HANDSHAKES_MAX(
        "too many sockets wait without CONNECT (handshakes-max), most of them from its address"),
    HANDSHAKES_PER_ADDRESS_MAX(
        "its address has too many sockets without CONNECT (handshakes-per-address-max)"),
    UNTRUSTED_PROXY("it is not a trusted proxy (trusted)"),
    PROXY_HEADER("its PROXY header cannot be read"),
    TLS("the TLS handshake failed"),
    CERTIFICATE("its certificate does not name a user"),
    UNKNOWN_GUARDS("it came to a listener whose access files this node does not have"),
    WEB_SOCKET("it opened no WebSocket for MQTT"),
    TIMEOUT("PROXY header, TLS or WebSocket took too long (connect-millis-max)"),
    CLOSED_EARLY("it closed");

    private final String words;

    Refusal(String words) {
      this.words = words;
    }

    /** For the log. */
    String words() {
      return words;
    }
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
        .description("Open sockets of a listener, with and without a CONNECT")
        .tag("listener", name)
        .register(registry);
  }

  /**
   * Lets one in, to be followed by {@link #leave}.
   *
   * @param makeRoom has another socket go that only waits; false when there is none
   * @return why it has to go; null when it is in
   */
  @Nullable Refusal enter(BooleanSupplier makeRoom) {
    if (connections.incrementAndGet() > limits.connectionsMax() && !makeRoom.getAsBoolean()) {
      connections.decrementAndGet();
      return refused(Refusal.CONNECTIONS_MAX);
    }
    if (!isInRate()) {
      connections.decrementAndGet();
      return refused(Refusal.CONNECT_RATE);
    }
    return null;
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

  Refusal refused(Refusal why) {
    Counter.builder("limpet.listener.refused")
        .description("Sockets that a listener closed before CONNECT, by reason")
        .tags("listener", name, "reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
    return why;
  }
}
