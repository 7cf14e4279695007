package dev.limpet.broker.io;

import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.metrics.Limit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes that the sockets of all clients of a node hold together: written, but not yet
 * taken by the connection. They are copies outside the heap, so many slow readers of large messages
 * could exhaust the memory of the process. Above the bound, a client with bytes left is sent no
 * more, and one that takes nothing is closed.
 *
 * <p>A socket counts when it is flushed, and only if something is left then; the sockets with bytes
 * left are checked a few times a second.
 *
 * <p>Thread-safe; a share is confined to its lane.
 */
public final class SocketBudget {
  private final long bytesMax;
  private final long timeoutNanos;
  private final BrokerMetrics metrics;
  private final List<Share> shares;
  private volatile boolean exceeded;

  /**
   * @param bytesMax above which the bound is exceeded
   * @param timeoutMillis how long a client may take nothing then
   * @param lanes in the order of their indexes
   */
  public SocketBudget(long bytesMax, int timeoutMillis, List<Lane> lanes, BrokerMetrics metrics) {
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    this.bytesMax = bytesMax;
    this.metrics = metrics;
    this.shares = lanes.stream().map(lane -> new Share(this, lane)).toList();
  }

  /** How many lanes there are. */
  public int lanes() {
    return shares.size();
  }

  /** Has the bytes counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.sockets.bytes",
        "Bytes written for clients that their sockets have not accepted yet",
        this::bytes);
    metrics.gauge(
        "limpet.send.buffers.bytes", "Bytes of empty send buffers kept for reuse", this::keptBytes);
  }

  /** Bytes that no connection has taken yet. */
  public long bytes() {
    long sum = 0;
    for (Share share : shares) {
      sum += share.bytes.get();
    }
    return sum;
  }

  /** Bytes of the empty buffers that the lanes keep for output. */
  public long keptBytes() {
    long sum = 0;
    for (Share share : shares) {
      SendBuffers buffers = share.buffers;
      sum += buffers == null ? 0 : buffers.keptBytes();
    }
    return sum;
  }

  /** Has each lane look at its sockets that have something left. A few times a second. */
  public void look() {
    judge();
    for (Share share : shares) {
      if (share.bytes.get() > 0) {
        share.lane.execute(share::look);
      }
    }
  }

  public Share share(Lane lane) {
    return shares.get(lane.index());
  }

  private void judge() {
    boolean now = bytes() > bytesMax;
    if (now != exceeded) {
      exceeded = now;
    }
  }

  /** The sockets of one lane. Confined to it; its sum may be read from anywhere. */
  public static final class Share {
    private final SocketBudget budget;
    private final Lane lane;
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable SendBuffers buffers;
    private final Set<SocketWriter> behind = Collections.newSetFromMap(new IdentityHashMap<>());

    private Share(SocketBudget budget, Lane lane) {
      this.budget = budget;
      this.lane = lane;
    }

    /** Returns the buffers in which the sockets of the lane gather output. */
    SendBuffers buffers() {
      SendBuffers known = buffers;
      if (known == null) {
        known = SendBuffers.ofThisLane();
        buffers = known;
      }
      return known;
    }

    /** Whether all sockets of the node together hold more than they may. */
    boolean isExceeded() {
      return budget.exceeded;
    }

    /** A socket holds another number of bytes now. */
    void changed(SocketWriter writer, long before, long now) {
      bytes.lazySet(bytes.getPlain() + now - before);
      if (now == 0) {
        behind.remove(writer);
      } else {
        behind.add(writer);
      }
      budget.judge();
    }

    /** For a socket that may have to be closed. */
    StallClock stallClock() {
      return new StallClock(budget.timeoutNanos);
    }

    /** A socket is closed because it takes nothing. */
    void refused() {
      budget.metrics.refused(Limit.NODE_SOCKET_BYTES_MAX);
    }

    private void look() {
      List.copyOf(behind).forEach(SocketWriter::look);
    }
  }
}
