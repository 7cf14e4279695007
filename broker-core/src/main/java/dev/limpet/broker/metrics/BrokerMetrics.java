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
 * Holds the metrics of all clients together. All names begin with {@code limpet.}; packages with
 * counters of their own register them themselves.
 *
 * <p>Thread-safe.
 */
public final class BrokerMetrics {
  private final MeterRegistry registry;
  private final Counter parked;
  private final Counter taken;
  private final Counter unheard;
  private final Counter expired;
  private final Counter filtered;
  private final Counter malformed;
  private final Counter handedOn;
  private final Counter sessionsExpired;
  private final Counter accessTimedOut;
  private final Counter replaysCut;
  private final Counter[] dropped = new Counter[Qos.values().length];
  private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);

  public BrokerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.parked =
        counter(
            "limpet.publications.parked",
            "Messages that had to wait for the recovery after the death of a node");
    this.taken =
        counter(
            "limpet.takeovers", "Connections closed because a newer one claimed their client id");
    this.unheard =
        counter(
            "limpet.connections.unheard",
            "Connections this node ended before it had handled all packets of their clients");
    this.expired =
        counter(
            "limpet.deliveries.expired", "Deliveries not sent because their message had expired");
    this.filtered =
        counter(
            "limpet.deliveries.filtered",
            "Deliveries withheld because the client may not read the topic");
    this.malformed =
        counter(
            "limpet.connections.protocol.errors",
            "Connections closed because their client broke the protocol");
    this.handedOn =
        counter(
            "limpet.deliveries.handed.on",
            "Deliveries of a share group passed on from one member to another");
    this.sessionsExpired =
        counter(
            "limpet.sessions.expired", "Durable sessions ended because their client stayed away");
    this.accessTimedOut =
        counter(
            "limpet.access.timeouts",
            "Connections closed because an authorizer did not answer in time");
    this.replaysCut =
        counter(
            "limpet.retained.replays.cut",
            "Subscriptions that did not get all retained messages: too many, or the store failed");
    for (Qos qos : Qos.values()) {
      dropped[qos.level()] =
          counter(
              "limpet.deliveries.dropped",
              "Deliveries dropped at a bound of a session, or larger than the client accepts",
              "qos",
              String.valueOf(qos.level()));
    }
    for (Limit limit : Limit.values()) {
      refused.put(
          limit,
          counter(
              "limpet.refused",
              "Requests of clients refused at a limit, by the option that sets it",
              "limit",
              limit.key()));
    }
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  /** A publication waits for the recovery of a node that died. */
  public void publicationParked() {
    parked.increment();
  }

  /** A delivery did not fit the bounds of its session, or was larger than its client takes. */
  public void deliveryDropped(Qos qos) {
    dropped[qos.level()].increment();
  }

  /** A share group's undelivered message went to another member. */
  public void deliveryHandedOn() {
    handedOn.increment();
  }

  /** A delivery was not sent because its publication's life was over. */
  public void deliveryExpired() {
    expired.increment();
  }

  /** A delivery was kept from a client that may not have it. */
  public void deliveryFiltered() {
    filtered.increment();
  }

  /** A connection was closed because a newer one claimed its client id. */
  public void takenOver() {
    taken.increment();
  }

  /** Packets of an ended connection were not handled in time. */
  public void endedUnheard() {
    unheard.increment();
  }

  /** A connection was closed for a protocol error. */
  public void protocolError() {
    malformed.increment();
  }

  /** A durable session ended because its client stayed away. */
  public void sessionExpired() {
    sessionsExpired.increment();
  }

  /** A connection was closed because an authorizer did not answer. */
  public void accessTimedOut() {
    accessTimedOut.increment();
  }

  /** A subscription did not bring all the retained messages it matches. */
  public void replayCut() {
    replaysCut.increment();
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

  /** Registers a gauge whose value is read on each scrape. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
