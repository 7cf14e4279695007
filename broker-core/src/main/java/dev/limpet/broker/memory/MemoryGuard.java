package dev.limpet.broker.memory;

import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.session.QueueBudget;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node below its memory ceiling: above it, deliveries at QoS 0 are dropped instead of
 * queued; above a second mark, 10 % higher, new connections are refused. Each ends when 5 % less
 * than its mark is held.
 *
 * <p>Thread-safe for readers; {@link #look} is called by one thread at a time.
 */
public final class MemoryGuard {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);

  private final long shedFromBytes;
  private final long refuseFromBytes;
  private final MemoryGauge gauge;
  private final LongSupplier queuedBytes;
  private final LongSupplier socketBytes;
  private final QueueBudget queues;
  private volatile MemoryLevel level = MemoryLevel.NORMAL;
  private volatile long heldBytes;

  /**
   * @param ceilingBytes the first mark
   * @param queuedBytes bytes in all queues of the node
   * @param socketBytes bytes in all sockets, outside the heap
   * @param queues told to shed
   */
  public MemoryGuard(
      long ceilingBytes,
      MemoryGauge gauge,
      LongSupplier queuedBytes,
      LongSupplier socketBytes,
      QueueBudget queues) {
    this.shedFromBytes = ceilingBytes;
    this.refuseFromBytes = ceilingBytes + ceilingBytes / 10;
    this.gauge = gauge;
    this.queuedBytes = queuedBytes;
    this.socketBytes = socketBytes;
    this.queues = queues;
  }

  /** Has the memory counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.memory.held",
        "Bytes of heap in use, as the memory ceiling counts them",
        this::heldBytes);
    metrics.gauge(
        "limpet.memory.level",
        "0 normal, 1 QoS 0 is dropped, 2 new connections are refused too",
        () -> level().ordinal());
  }

  /** Asks the gauge, and acts. */
  public void look() {
    heldBytes = gauge.heldBytes(queuedBytes.getAsLong()) + socketBytes.getAsLong();
    MemoryLevel before = level;
    MemoryLevel now = level(heldBytes, before);
    if (now != before) {
      level = now;
      queues.shed(now != MemoryLevel.NORMAL);
      LOG.warn("Memory is {} now: {} MiB are held", now, heldBytes >> 20);
    }
  }

  private MemoryLevel level(long held, MemoryLevel before) {
    if (held >= mark(refuseFromBytes, before == MemoryLevel.REFUSING)) {
      return MemoryLevel.REFUSING;
    }
    return held >= mark(shedFromBytes, before != MemoryLevel.NORMAL)
        ? MemoryLevel.SHEDDING
        : MemoryLevel.NORMAL;
  }

  /** A level that is reached is kept until 5 % less is held, so that it does not come and go. */
  private static long mark(long fromBytes, boolean reached) {
    return reached ? fromBytes - fromBytes / 20 : fromBytes;
  }

  /** How short memory is. */
  public MemoryLevel level() {
    return level;
  }

  /** The gauge's last value plus the bytes in the sockets. */
  public long heldBytes() {
    return heldBytes;
  }
}
