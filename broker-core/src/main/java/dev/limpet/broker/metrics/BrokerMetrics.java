package dev.limpet.broker.metrics;

import dev.limpet.broker.mqtt.Qos;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a node counts. All names begin with {@code limpet.}; nothing is counted anywhere else.
 *
 * <p>Thread-safe.
 */
public final class BrokerMetrics {
  private final MeterRegistry registry;
  private final Counter received;
  private final Counter sent;
  private final Counter parked;
  private final Counter taken;
  private final Counter expired;
  private final Counter malformed;
  private final Counter handedOn;
  private final Counter sessionsExpired;
  private final Counter accessTimedOut;
  private final Counter[] dropped = new Counter[Qos.values().length];
  private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);

  public BrokerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.received = registry.counter("limpet.publications.received");
    this.sent = registry.counter("limpet.publications.sent");
    this.parked = registry.counter("limpet.publications.parked");
    this.taken = registry.counter("limpet.takeovers");
    this.expired = registry.counter("limpet.deliveries.expired");
    this.malformed = registry.counter("limpet.connections.protocol.errors");
    this.handedOn = registry.counter("limpet.deliveries.handed.on");
    this.sessionsExpired = registry.counter("limpet.sessions.expired");
    this.accessTimedOut = registry.counter("limpet.access.timeouts");
    for (Qos qos : Qos.values()) {
      dropped[qos.level()] =
          registry.counter("limpet.deliveries.dropped", "qos", String.valueOf(qos.level()));
    }
    for (Limit limit : Limit.values()) {
      refused.put(limit, registry.counter("limpet.refused", "limit", limit.key()));
    }
  }

  /** A PUBLISH came from a client. */
  public void publicationReceived() {
    received.increment();
  }

  /** A PUBLISH was written to a client. */
  public void publicationSent() {
    sent.increment();
  }

  /** A publication waits for the recovery of a node that died. */
  public void publicationParked() {
    parked.increment();
  }

  /** A delivery did not fit the bounds of its session, or was larger than its client takes. */
  public void deliveryDropped(Qos qos) {
    dropped[qos.level()].increment();
  }

  /** What a member of a share group did not get went to another one. */
  public void deliveryHandedOn() {
    handedOn.increment();
  }

  /** A delivery was not sent because its publication's life was over. */
  public void deliveryExpired() {
    expired.increment();
  }

  /** A connection was closed because a newer one claimed its client id. */
  public void takenOver() {
    taken.increment();
  }

  /** A connection was closed for what it sent. */
  public void protocolError() {
    malformed.increment();
  }

  /** A durable session ended because its client stayed away. */
  public void sessionExpired() {
    sessionsExpired.increment();
  }

  /** A connection was closed because an authoriser did not answer. */
  public void accessTimedOut() {
    accessTimedOut.increment();
  }

  /** A client asked for more than a bound allows. */
  public void refused(Limit limit) {
    Objects.requireNonNull(refused.get(limit)).increment();
  }

  /** Shows a number that only grows and is counted elsewhere. */
  public void counter(String name, String description, Supplier<Number> value, String... tags) {
    // The registry holds its subject weakly, and the function for good.
    FunctionCounter.builder(name, registry, any -> value.get().doubleValue())
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Shows a number that is read when somebody asks. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
