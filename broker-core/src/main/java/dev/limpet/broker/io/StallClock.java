package dev.limpet.broker.io;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that reads slowly from one that does not read at all.
 *
 * <p>Confined to its lane.
 */
final class StallClock {
  private final long patienceNanos;
  private @Nullable Object head;
  private long progress;
  private long sinceNanos;

  StallClock(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  /** Whether not one byte of what waits has gone for as long as patience lasts. */
  boolean isOver(ChannelOutboundBuffer out) {
    long nowNanos = System.nanoTime();
    if (head == null || head != out.current() || progress != out.currentProgress()) {
      head = out.current();
      progress = out.currentProgress();
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos > patienceNanos;
  }
}
