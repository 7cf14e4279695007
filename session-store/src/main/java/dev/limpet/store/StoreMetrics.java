package dev.limpet.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the store counts. Thread-safe. */
final class StoreMetrics {
  private final MeterRegistry registry;
  private final Counter inboxDropped;
  private final Counter rejected;
  private final Counter retainedDropped;
  private final Counter retries;
  private final Counter failures;
  private final Counter operations;
  private final Counter writes;

  StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
    inboxDropped = registry.counter("limpet.store.inbox.dropped");
    rejected = registry.counter("limpet.store.rejected");
    retainedDropped = registry.counter("limpet.store.retained.dropped");
    retries = registry.counter("limpet.store.retries");
    failures = registry.counter("limpet.store.failures");
    operations = registry.counter("limpet.store.operations");
    writes = registry.counter("limpet.store.writes");
  }

  /** A delivery found its inbox full. */
  void inboxDropped() {
    inboxDropped.increment();
  }

  /** A publication to a new topic was not retained. */
  void retainedDropped() {
    retainedDropped.increment();
  }

  /** The node's own queue was full. */
  void rejected() {
    rejected.increment();
  }

  /** An operation is tried again. */
  void retried() {
    retries.increment();
  }

  /** An operation failed for good, or one session in it. */
  void failed() {
    failures.increment();
  }

  /** One operation carries so many writes. */
  void committed(int count) {
    operations.increment();
    writes.increment(count);
  }

  void gauge(String name, Supplier<Number> value) {
    Gauge.builder("limpet.store." + name, value).register(registry);
  }
}
