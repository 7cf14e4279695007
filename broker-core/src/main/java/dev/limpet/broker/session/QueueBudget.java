package dev.limpet.broker.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the send queues of all clients of a node together, and tells whether memory is too short
 * to queue QoS 0 at all. Each lane counts in its own {@link Share} and reports in batches, so that
 * a delivery costs no more than two additions; the totals lag by at most one batch per lane.
 *
 * <p>Thread-safe; a share is confined to its lane.
 */
public final class QueueBudget {
  /** Messages a lane counts before it reports to the node. */
  public static final int BATCH_MESSAGES = 64;

  /** The same in bytes. */
  public static final int BATCH_BYTES = 1 << 16;

  private final long messagesMax;
  private final long bytesMax;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder beyondMessages = new LongAdder();
  private final LongAdder beyondBytes = new LongAdder();
  private final LongAdder shed = new LongAdder();
  private volatile boolean shedding;

  /**
   * @param messagesMax deliveries of all queues, above 0
   * @param bytesMax their sizes, above 0; a publication counts in each queue it waits in
   */
  public QueueBudget(long messagesMax, long bytesMax) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  /** A budget that is never used up. */
  public static QueueBudget unlimited() {
    return new QueueBudget(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** A new part of it, for one lane. */
  public Share share() {
    return new Share(this);
  }

  /** Whether deliveries at QoS 0 are dropped from now on instead of queued. */
  public void shed(boolean value) {
    shedding = value;
  }

  /** Deliveries that wait. */
  public long messages() {
    return messages.get();
  }

  /** Bytes of the queued deliveries. */
  public long bytes() {
    return bytes.get();
  }

  /** Deliveries refused since the start because too many waited. */
  public long refusedForMessages() {
    return beyondMessages.sum();
  }

  /** Deliveries refused since the start because those that waited were too large. */
  public long refusedForBytes() {
    return beyondBytes.sum();
  }

  /** Deliveries at QoS 0 refused since the start because memory was short. */
  public long refusedForMemory() {
    return shed.sum();
  }

  /** The part of one lane. Confined to it. */
  public static final class Share {
    private final QueueBudget budget;
    private long messages;
    private long bytes;

    private Share(QueueBudget budget) {
      this.budget = budget;
    }

    /** Whether one more delivery of this size may wait; a refusal is counted. */
    boolean admits(boolean acknowledged, int size) {
      if (!acknowledged && budget.shedding) {
        budget.shed.increment();
        return false;
      }
      if (budget.messages.get() + messages >= budget.messagesMax) {
        budget.beyondMessages.increment();
        return false;
      }
      if (budget.bytes.get() + bytes > budget.bytesMax - size) {
        budget.beyondBytes.increment();
        return false;
      }
      return true;
    }

    /**
     * @param moreMessages came; negative when they went
     */
    void add(long moreMessages, long moreBytes) {
      messages += moreMessages;
      bytes += moreBytes;
      if (Math.abs(messages) >= BATCH_MESSAGES || Math.abs(bytes) >= BATCH_BYTES) {
        budget.messages.addAndGet(messages);
        budget.bytes.addAndGet(bytes);
        messages = 0;
        bytes = 0;
      }
    }
  }
}
