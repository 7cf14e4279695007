package dev.limpet.broker.access;

import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts what one source of decisions answers, by the result. Thread-safe. */
final class AccessCounter {
  /** The results counted. */
  private enum Result {
    ALLOW,
    ALLOW_FILTERED,
    DENY,
    IGNORE,
    ERROR,
    TIMEOUT
  }

  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);
  private final int timeoutMillis;

  private AccessCounter(
      MeterRegistry registry, String name, String what, String source, int timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    for (Result each : Result.values()) {
      counters.put(
          each,
          Counter.builder(name)
              .description(what + ", by source and result")
              .tags("source", source, "result", each.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  static AccessCounter ofLogins(MeterRegistry registry, String source, int timeoutMillis) {
    return new AccessCounter(
        registry, "limpet.authentications", "Authentication answers", source, timeoutMillis);
  }

  static AccessCounter ofTopics(MeterRegistry registry, String source, int timeoutMillis) {
    return new AccessCounter(
        registry,
        "limpet.authorizations",
        "Authorization answers about topics and filters",
        source,
        timeoutMillis);
  }

  /**
   * Counts an answer when it arrives, or when its wait is abandoned.
   *
   * @param decision null for an answer that decides nothing yet
   */
  <T> void count(CompletableFuture<T> answer, Function<T, @Nullable Decision> decision) {
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      count(answer.join(), null, decision); // as cheap as it gets, for each PUBLISH
    } else {
      var unused =
          answer
              .copy()
              .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
              .whenComplete((told, failure) -> count(told, failure, decision));
    }
  }

  private <T> void count(
      @Nullable T told, @Nullable Throwable failure, Function<T, @Nullable Decision> decision) {
    if (told == null) {
      count(ofFailure(failure));
      return;
    }
    Decision decided = decision.apply(told);
    if (decided != null) {
      count(Result.valueOf(decided.name()));
    }
  }

  private void count(Result result) {
    Objects.requireNonNull(counters.get(result)).increment();
  }

  private static Result ofFailure(@Nullable Throwable failure) {
    @Nullable Throwable cause = failure == null ? null : Stages.cause(failure);
    return cause instanceof TimeoutException ? Result.TIMEOUT : Result.ERROR;
  }
}
