package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.Lane;
import dev.limpet.broker.memory.MemoryGuard;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.session.QueueBudget;
import java.util.List;

/**
 * What all clients of a node may have together: whether one more connection or session is let in,
 * and the common budgets of the queues and of the sockets.
 *
 * <p>Thread-safe.
 */
public final class Admission {
  private final MemoryGuard memory;
  private final DurableSubscriptions durable;
  private final int sessionsMax;
  private final List<QueueBudget.Share> queues;
  private final SocketBudget sockets;
  private final WaitingPublications waiting;

  /**
   * @param sessionsMax durable sessions at home here
   * @param queues as many as there are lanes
   */
  public Admission(
      MemoryGuard memory,
      DurableSubscriptions durable,
      int sessionsMax,
      List<QueueBudget.Share> queues,
      SocketBudget sockets,
      WaitingPublications waiting) {
    this.memory = memory;
    this.durable = durable;
    this.sessionsMax = sessionsMax;
    this.queues = List.copyOf(queues);
    this.sockets = sockets;
    this.waiting = waiting;
  }

  /** Whether memory is too short for one more connection. */
  boolean isRefusing() {
    return memory.level() == MemoryLevel.REFUSING;
  }

  /**
   * Whether one more durable session may begin. Of those whose home is elsewhere this node knows
   * nothing; its own number stands for theirs, as homes are spread evenly.
   */
  boolean hasRoomForSession() {
    return durable.size() < sessionsMax;
  }

  /** A lane's part of what all queues may hold. */
  QueueBudget.Share queues(Lane lane) {
    return queues.get(lane.index());
  }

  /** What publications hold whose acknowledgements wait. */
  WaitingPublications waiting() {
    return waiting;
  }

  /** A lane's part of what all sockets may hold. */
  SocketBudget.Share sockets(Lane lane) {
    return sockets.share(lane);
  }
}
