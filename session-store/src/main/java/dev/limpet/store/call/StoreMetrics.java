package dev.limpet.store.call;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Holds the metrics of the store. Thread-safe. */
public final class StoreMetrics {
  private static final String PREFIX = "limpet.store.";

  private final MeterRegistry registry;
  private final Counter inboxDropped;
  private final Counter rejected;
  private final Counter retainedDropped;
  private final Counter retries;
  private final Counter failures;
  private final Counter operations;
  private final Counter writes;

  public StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
    inboxDropped = counter("inbox.dropped", "Deliveries dropped because their inbox was full");
    rejected =
        counter(
            "rejected", "Writes of sessions refused because too many bytes waited for the store");
    retainedDropped =
        counter(
            "retained.dropped",
            "Messages not retained because a limit of retained messages was reached");
    retries = counter("retries", "Operations of the store that were retried");
    failures =
        counter("failures", "Operations and writes of the store that failed after all retries");
    operations = counter("operations", "Operations the store sent to the owners of partitions");
    writes = counter("writes", "Writes of sessions that the store's operations carried");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description).register(registry);
  }

  /** A delivery found its inbox full. */
  public void inboxDropped() {
    inboxDropped.increment();
  }

  /** A publication to a new topic was not retained. */
  public void retainedDropped() {
    retainedDropped.increment();
  }

  /** The node's own queue was full. */
  public void rejected() {
    rejected.increment();
  }

  /** An operation is tried again. */
  void retried() {
    retries.increment();
  }

  /** An operation failed for good, or one session in it. */
  public void failed() {
    failures.increment();
  }

  /** An operation carried this many writes. */
  public void committed(int count) {
    operations.increment();
    writes.increment(count);
  }

  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value).description(description).register(registry);
  }
}
