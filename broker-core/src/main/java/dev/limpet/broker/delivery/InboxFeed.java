package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxSlice;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the entries of an inbox in order, from the store or, when this node appended the next
 * one, straight from the append. Reads ahead by a bounded number only.
 *
 * <p>Confined to its lane.
 */
final class InboxFeed {
  /** Most entries held here: one read's worth. */
  private static final int AHEAD_MAX = 256;

  /** Most bytes one read brings, but for its first entry. */
  private static final int READ_BYTES_MAX = 1 << 20;

  private final InboxAccess access;
  private final Runnable onRead;
  private final ArrayDeque<InboxEntry> ahead = new ArrayDeque<>();

  /** The highest sequence that has come into {@code ahead}. */
  private long through;

  /** The delivery with that sequence; null for none. */
  private @Nullable PublicationId last;

  /** Whether the store may hold entries after {@code through}. */
  private boolean behind;

  private boolean reading;

  /** Whether something was appended since the current read began. */
  private boolean again;

  private boolean closed;

  /**
   * @param onRead run when a read brought entries
   */
  InboxFeed(InboxAccess access, Runnable onRead) {
    this.access = access;
    this.onRead = onRead;
  }

  @Nullable InboxEntry peek() {
    return ahead.peek();
  }

  void remove() {
    ahead.remove();
  }

  void offer(InboxEntry entry) {
    // Sequences have no holes when they are given, so the next number is the next entry.
    boolean next = !reading && !behind && entry.sequence() == through + 1;
    if (next && ahead.size() < AHEAD_MAX) {
      add(entry);
    } else {
      wake(entry.sequence());
    }
  }

  private void add(InboxEntry entry) {
    ahead.add(entry);
    through = entry.sequence();
    last = entry.delivery().id();
  }

  void wake(long sequence) {
    if (sequence > through) {
      behind = true;
      again = reading;
    }
  }

  /** Reads on, when there is more to read and room to send it. */
  void fill(int room) {
    if (closed || reading || !behind || room == 0 || !ahead.isEmpty()) {
      return;
    }
    reading = true;
    again = false;
    var unused =
        access
            .store()
            .read(access.claim(), through, Math.min(room, AHEAD_MAX), READ_BYTES_MAX)
            .handleAsync((slice, failure) -> read(slice), access.lane());
  }

  /**
   * Whether it has nothing to give although the inbox goes on and nobody is reading it.
   *
   * @param lastSequence the highest one in the inbox
   */
  boolean isStuck(long lastSequence) {
    return !closed && !reading && ahead.isEmpty() && (behind || lastSequence > through);
  }

  /** The highest sequence it has got. */
  long through() {
    return through;
  }

  /** The delivery it got last; null for none. */
  @Nullable PublicationId last() {
    return last;
  }

  void close() {
    closed = true;
    ahead.clear();
  }

  private boolean read(@Nullable InboxSlice slice) {
    reading = false;
    if (closed) {
      return false;
    }
    if (slice == null) {
      access.onFailure().run();
      return false;
    }
    for (InboxEntry entry : slice.entries()) {
      add(entry);
    }
    behind = slice.more() || again;
    onRead.run();
    return true;
  }
}
