package dev.limpet.cluster.cli.heap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Detects errors that were caught and logged: event loops, pools and handlers of Netty, Vert.x and
 * Hazelcast catch everything. Called before a line is made, which would need heap, and for lines
 * that every level suppresses. Thread-safe: immutable.
 */
final class LoggedOutOfMemory extends TurboFilter {

  private final HeapEnd end;
  private final HeapWatch watch;

  LoggedOutOfMemory(HeapEnd end, HeapWatch watch) {
    this.end = end;
    this.watch = watch;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable thrown) {
    if (HeapEnd.isOutOfMemory(thrown != null ? thrown : last(params))
        && watch.hasCollectedLately()) {
      end.now();
    }
    return FilterReply.NEUTRAL;
  }

  private static @Nullable Throwable last(Object @Nullable [] params) {
    return params != null && params.length > 0 && params[params.length - 1] instanceof Throwable t
        ? t
        : null;
  }
}
