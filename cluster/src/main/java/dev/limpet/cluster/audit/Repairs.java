package dev.limpet.cluster.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts repairs by kind ({@code limpet.audit.repaired}), and logs one line for each kind at each
 * {@link #roundBegins}. Thread-safe: this object's lock guards what has not been logged.
 */
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  private final Counter rounds;
  private final Map<Repair, Counter> counters = new EnumMap<>(Repair.class);
  private final Map<Repair, Unsaid> unsaid = new EnumMap<>(Repair.class);

  /** Not in the log yet. */
  private record Unsaid(long count, @Nullable Object example) {}

  Repairs(MeterRegistry registry) {
    rounds =
        Counter.builder("limpet.audit.rounds")
            .description("Times this node began to compare all it knows with the others")
            .register(registry);
    for (Repair kind : Repair.values()) {
      counters.put(
          kind,
          Counter.builder("limpet.audit.repaired")
              .description("Differences between nodes, connections and stores that were mended")
              .tag("kind", kind.tag())
              .register(registry));
    }
  }

  /**
   * @param example one of those concerned; null when there is none to name
   */
  synchronized void add(Repair kind, long count, @Nullable Object example) {
    if (count > 0) {
      Objects.requireNonNull(counters.get(kind)).increment(count);
      unsaid.merge(
          kind, new Unsaid(count, example), (a, b) -> new Unsaid(a.count + b.count, a.example));
    }
  }

  /** A round begins: logs what has come in the last one. */
  synchronized void roundBegins() {
    rounds.increment();
    unsaid.forEach(
        (kind, those) ->
            LOG.warn(
                "The audit {}: {}{}",
                kind.words(),
                those.count,
                those.example == null ? "" : ", such as that of " + those.example));
    unsaid.clear();
  }
}
