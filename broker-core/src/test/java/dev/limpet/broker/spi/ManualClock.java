package dev.limpet.broker.spi;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock that stands still until a test moves it. Thread-safe. */
public final class ManualClock implements LongSupplier {
  private final AtomicLong nowMillis = new AtomicLong(1_700_000_000_000L);

  @Override
  public long getAsLong() {
    return nowMillis.get();
  }

  public void advanceMillis(long millis) {
    nowMillis.addAndGet(millis);
  }

  public void advanceSeconds(long seconds) {
    advanceMillis(seconds * 1000);
  }
}
