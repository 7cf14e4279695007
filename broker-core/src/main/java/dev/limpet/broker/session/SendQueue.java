package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait until the client can take more: its window is full or it reads too slowly.
 * Bounded in messages and bytes; what does not fit is refused, newest first.
 *
 * <p>Confined to its lane.
 */
public final class SendQueue {
  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(0);
  private final int messagesMax;
  private final long bytesMax;
  private long bytes;

  public SendQueue(int messagesMax, long bytesMax) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  /** Queues a delivery, or answers false when that would break a bound. */
  public boolean offer(Delivery delivery) {
    int size = delivery.publication().bytes();
    if (waiting.size() >= messagesMax || bytes + size > bytesMax) {
      return false;
    }
    waiting.add(delivery);
    bytes += size;
    return true;
  }

  public @Nullable Delivery peek() {
    return waiting.peek();
  }

  public void remove() {
    Delivery gone = waiting.remove();
    bytes -= gone.publication().bytes();
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
