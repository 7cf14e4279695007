package dev.limpet.broker.io;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a client that reads slowly from one that does not read at all.
 *
 * <p>Confined to its lane.
 */
final class StallClock {
  private final long timeoutNanos;
  private @Nullable Object head;
  private long progress;
  private long sinceNanos;

  StallClock(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  /** Whether the timeout has passed without one pending byte leaving. */
  boolean isOver(ChannelOutboundBuffer out) {
    long nowNanos = System.nanoTime();
    if (head == null || head != out.current() || progress != out.currentProgress()) {
      head = out.current();
      progress = out.currentProgress();
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos > timeoutNanos;
  }
}
