package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait until the client can take more: its window is full or it reads too slowly.
 * Bounded in messages and bytes, by itself and together with all others of the node; what does not
 * fit is refused, newest first.
 *
 * <p>Confined to its lane.
 */
public final class SendQueue {
  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(0);
  private final int messagesMax;
  private final long bytesMax;
  private final QueueBudget.Share node;
  private long bytes;
  private boolean closed;

  /** A queue that shares its bounds with no other. */
  public SendQueue(int messagesMax, long bytesMax) {
    this(messagesMax, bytesMax, QueueBudget.unlimited().share());
  }

  /**
   * @param node its lane's part of what all queues may hold
   */
  public SendQueue(int messagesMax, long bytesMax, QueueBudget.Share node) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
    this.node = node;
  }

  /** Queues a delivery, or answers false when that would break a bound. */
  public boolean offer(Delivery delivery) {
    if (closed) {
      return true; // nobody is there to miss it
    }
    int size = delivery.publication().bytes();
    if (!node.admits(delivery.qos().isAcknowledged(), size)
        || waiting.size() >= messagesMax
        || bytes + size > bytesMax) {
      return false;
    }
    waiting.add(delivery);
    bytes += size;
    node.add(1, size);
    return true;
  }

  public @Nullable Delivery peek() {
    return waiting.peek();
  }

  public void remove() {
    Delivery gone = waiting.remove();
    int size = gone.publication().bytes();
    bytes -= size;
    node.add(-1, -size);
  }

  /** The connection has ended: forgets what waits, and whatever comes. */
  public void close() {
    closed = true;
    node.add(-waiting.size(), -bytes);
    waiting.clear();
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
