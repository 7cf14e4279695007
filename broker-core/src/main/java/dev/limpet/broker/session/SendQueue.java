package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.spi.durable.InboxLimits;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queues deliveries until the client can take more: its window is full or it reads too slowly.
 * Bounded in messages and bytes, by itself and together with all others of the node; refuses new
 * deliveries that do not fit.
 *
 * <p>Retained messages of a new subscription arrive all at once, however fast the client reads:
 * they have their own bound and take no room from the others, but stay in front of later ones.
 *
 * <p>Confined to its lane.
 */
public final class SendQueue {
  /** Most retained messages that one client's subscriptions may have waiting. */
  public static final int REPLAYED_MAX = InboxLimits.REPLAYED_MAX;

  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(0);
  private final int messagesMax;
  private final long bytesMax;
  private final QueueBudget.Share node;
  private long bytes;
  private boolean closed;

  /** How many were ever added, and removed: an entry's place is its number. */
  private long added;

  private long removed;

  /** The places of retained messages, in order; null while none was ever added. */
  private @Nullable ArrayDeque<Run> replayed;

  private int replayedSize;

  /** Places one after the other. */
  private record Run(long from, long end) {}

  /** A queue that shares its bounds with no other. */
  public SendQueue(int messagesMax, long bytesMax) {
    this(messagesMax, bytesMax, QueueBudget.unlimited().share());
  }

  /**
   * @param node its lane's share of the budget of all queues
   */
  public SendQueue(int messagesMax, long bytesMax, QueueBudget.Share node) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
    this.node = node;
  }

  /** Queues a delivery, or answers false when that would break a bound. */
  public boolean offer(Delivery delivery) {
    if (closed) {
      return true; // no client is left to miss it
    }
    int size = delivery.publication().bytes();
    if (!node.admits(delivery.qos().isAcknowledged(), size)
        || waiting.size() - replayedSize >= messagesMax
        || bytes + size > bytesMax) {
      return false;
    }
    add(delivery, size);
    bytes += size;
    return true;
  }

  /** The same for a retained message that a new subscription brings. */
  public boolean offerReplayed(Delivery delivery) {
    if (closed) {
      return true;
    }
    int size = delivery.publication().bytes();
    if (!node.admits(delivery.qos().isAcknowledged(), size) || replayedSize >= REPLAYED_MAX) {
      return false;
    }
    noteReplayed(added);
    replayedSize++;
    add(delivery, size);
    return true;
  }

  private void noteReplayed(long place) {
    ArrayDeque<Run> runs = replayed;
    if (runs == null) {
      runs = new ArrayDeque<>(1);
      replayed = runs;
    }
    Run last = runs.peekLast();
    if (last != null && last.end() == place) {
      runs.removeLast();
      runs.add(new Run(last.from(), place + 1));
    } else {
      runs.add(new Run(place, place + 1));
    }
  }

  private void add(Delivery delivery, int size) {
    waiting.add(delivery);
    added++;
    node.add(1, size);
  }

  public @Nullable Delivery peek() {
    return waiting.peek();
  }

  public void remove() {
    Delivery gone = waiting.remove();
    int size = gone.publication().bytes();
    node.add(-1, -size);
    if (wasReplayed(removed++)) {
      replayedSize--;
    } else {
      bytes -= size;
    }
  }

  private boolean wasReplayed(long place) {
    Run first = replayed == null ? null : replayed.peek();
    if (first == null || place < first.from()) {
      return false;
    }
    if (place == first.end() - 1) {
      replayed.remove();
    }
    return true;
  }

  /** The connection has ended: drops queued deliveries, and all later ones. */
  public void close() {
    closed = true;
    long all = 0;
    for (Delivery each : waiting) {
      all += each.publication().bytes();
    }
    node.add(-waiting.size(), -all);
    waiting.clear();
    replayed = null;
    replayedSize = 0;
    bytes = 0;
  }

  /** Those that came by a share group, in order. */
  public List<Delivery> ofShares() {
    return waiting.stream().filter(delivery -> delivery.share() != null).toList();
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  public int size() {
    return waiting.size();
  }
}
