package dev.limpet.cluster.peer;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the frames sent and not acknowledged yet, numbered from 1. Confined to the link's event
 * loop; bounded by the link's bound on bytes.
 */
final class SentFrames {

  private final Deque<PeerFrame> frames = new ArrayDeque<>();
  private long acknowledged;

  /** The earliest frame that can be repeated. */
  long firstSequence() {
    return acknowledged + 1;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  void add(PeerFrame frame) {
    frames.add(frame);
  }

  /**
   * Forgets all frames through a number.
   *
   * @return the bytes forgotten, without those of requests, which count until they are answered
   * @throws IllegalArgumentException when that frame was never sent
   */
  long acknowledge(long through) {
    if (through > acknowledged + frames.size()) {
      throw new IllegalArgumentException("frame " + through + " was never sent");
    }
    long bytes = 0;
    while (acknowledged < through) {
      bytes += chargedUntilHandled(frames.remove());
      acknowledged++;
    }
    return bytes;
  }

  /** Appends all frames again, in order. */
  void repeat(Buffer out) {
    frames.forEach(frame -> frame.writeTo(out));
  }

  private static long chargedUntilHandled(PeerFrame frame) {
    return OutgoingLink.isRequest(frame) ? 0 : frame.bytes();
  }
}
