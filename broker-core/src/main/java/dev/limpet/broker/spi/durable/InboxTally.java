package dev.limpet.broker.spi.durable;

import dev.limpet.broker.spi.store.StoreUsage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tracks the total size of all inboxes at home on a node, and its bound. Inboxes report each change
 * as a difference; code that moves whole inboxes reports the new sum.
 *
 * <p>Thread-safe.
 */
public final class InboxTally {
  private final long messagesMax;
  private final long bytesMax;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param messagesMax unacknowledged deliveries of all inboxes, above 0
   * @param bytesMax their sizes, above 0
   */
  public InboxTally(long messagesMax, long bytesMax) {
    if (messagesMax < 1 || bytesMax < 1) {
      throw new IllegalArgumentException("all inboxes hold at least one message and one byte");
    }
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  /** One that only counts. */
  public static InboxTally unlimited() {
    return new InboxTally(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Whether no more may be appended. */
  public boolean isFull() {
    return messages.get() >= messagesMax || bytes.get() >= bytesMax;
  }

  /** The same for replays: leaves an eighth for messages whose publishers wait. */
  public boolean isFullForReplays() {
    return messages.get() >= messagesMax - messagesMax / 8
        || bytes.get() >= bytesMax - bytesMax / 8;
  }

  /** Inboxes have grown by so much, or shrunk. */
  public void add(long moreMessages, long moreBytes) {
    if (moreMessages != 0 || moreBytes != 0) {
      messages.addAndGet(moreMessages);
      bytes.addAndGet(moreBytes);
    }
  }

  /** Returns what they hold now; briefly below 0 when partitions have moved away. */
  public StoreUsage usage() {
    return new StoreUsage(messages.get(), bytes.get());
  }
}
