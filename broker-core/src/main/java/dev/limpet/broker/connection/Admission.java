package dev.limpet.broker.connection;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.io.SocketBudget;
import dev.limpet.broker.memory.MemoryGuard;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.session.QueueBudget;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Enforces the limits of all clients of a node together: decides whether to admit one more
 * connection or session, and holds the shared budgets of queues and sockets.
 *
 * <p>Thread-safe.
 */
public final class Admission {
  private final MemoryGuard memory;
  private final BooleanSupplier roomForSession;
  private final QueueBudget budget;
  private final List<QueueBudget.Share> queues;
  private final SocketBudget sockets;
  private final WaitingPublications waiting;

  /**
   * @param roomForSession whether one more durable session may begin
   * @param sockets has a share for each lane, as the queues will
   */
  public Admission(
      MemoryGuard memory,
      BooleanSupplier roomForSession,
      QueueBudget budget,
      SocketBudget sockets,
      WaitingPublications waiting) {
    this.memory = memory;
    this.roomForSession = roomForSession;
    this.budget = budget;
    this.queues = Stream.generate(budget::share).limit(sockets.lanes()).toList();
    this.sockets = sockets;
    this.waiting = waiting;
  }

  /** Registers the metrics that count admitted sockets. */
  public void register(BrokerMetrics metrics) {
    memory.register(metrics);
    sockets.register(metrics);
    waiting.register(metrics);
    metrics.gauge(
        "limpet.queues.messages",
        "Deliveries in the send queues of connected clients",
        budget::messages);
    metrics.gauge(
        "limpet.queues.bytes", "Bytes in the send queues of connected clients", budget::bytes);
    String what = "Deliveries dropped at a bound of the node, by the option that sets it";
    String name = "limpet.queues.refused";
    metrics.counter(
        name, what, budget::refusedForMessages, "limit", "node-send-queue-messages-max");
    metrics.counter(name, what, budget::refusedForBytes, "limit", "node-send-queue-bytes-max");
    metrics.counter(name, what, budget::refusedForMemory, "limit", "memory-ceiling");
  }

  /** Whether memory is too short for one more connection. */
  public boolean isRefusing() {
    return memory.level() == MemoryLevel.REFUSING;
  }

  /**
   * Whether one more durable session may begin. Of those whose home is elsewhere this node knows
   * nothing; its own number stands for theirs, as homes are spread evenly.
   */
  public boolean hasRoomForSession() {
    return roomForSession.getAsBoolean();
  }

  /** Returns a lane's share of the budget of all queues. */
  public QueueBudget.Share queues(Lane lane) {
    return queues.get(lane.index());
  }

  /** Returns the budget of publications with pending acknowledgements. */
  public WaitingPublications waiting() {
    return waiting;
  }

  /** Returns a lane's share of the budget of all sockets. */
  SocketBudget.Share sockets(Lane lane) {
    return sockets.share(lane);
  }
}
