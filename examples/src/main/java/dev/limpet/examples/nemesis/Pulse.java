package dev.limpet.examples.nemesis;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Notices when the harness itself got no CPU, so that nobody else is blamed for it. */
final class Pulse implements AutoCloseable {

  private static final long BEAT_MILLIS = 50;
  private static final long LATE_MILLIS = 150;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final History history;
  private long lastMillis;

  Pulse(History history) {
    this.history = history;
  }

  void begin() {
    lastMillis = history.millis();
    var unused =
        thread.scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long millis = history.millis();
    long late = millis - lastMillis - BEAT_MILLIS;
    if (late > LATE_MILLIS) {
      history.record(Event.of(Kind.STALL, "").number(late));
    }
    lastMillis = millis;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
