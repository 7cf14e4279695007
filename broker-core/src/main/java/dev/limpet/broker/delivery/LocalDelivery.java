package dev.limpet.broker.delivery;

import dev.limpet.broker.delivery.LocalTargets.DeliveryMemo;
import dev.limpet.broker.delivery.LocalTargets.LaneTargets;
import dev.limpet.broker.delivery.LocalTargets.Target;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands publications to the connected sessions of this node, each on its own lane.
 *
 * <p>Thread-safe. Calls of one thread keep their order for each session.
 */
public final class LocalDelivery {
  private final Drops drops;

  public LocalDelivery(Drops drops) {
    this.drops = drops;
  }

  /** Where to say that a client does not get something. */
  public Drops drops() {
    return drops;
  }

  /** Delivers to all targets. */
  public void deliver(LocalTargets targets, Publication publication) {
    Lane here = Lane.current();
    for (LaneTargets of : targets.lanes()) {
      if (of.lane() == here) {
        deliverOnLane(of, publication);
      } else {
        send(here, of.lane(), () -> deliverOnLane(of, publication));
      }
    }
  }

  /** Delivers to one session that was picked from its share group. */
  public void deliver(Subscriber subscriber, Delivery delivery) {
    run(subscriber.lane(), () -> hand(subscriber, delivery));
  }

  /**
   * The same, with another way when its queue is full.
   *
   * @param onRefused run on the session's lane then
   */
  public void deliver(Subscriber subscriber, Delivery delivery, Runnable onRefused) {
    run(
        subscriber.lane(),
        () -> {
          if (!subscriber.deliver(delivery)) {
            onRefused.run();
          }
        });
  }

  /**
   * Done when these lanes have handled everything this thread has delivered to them before, and the
   * task that checks that: later work on a lane runs after it.
   */
  public CompletableFuture<Void> handed(List<Lane> lanes) {
    return CompletableFuture.allOf(
        lanes.stream()
            .map(
                lane -> {
                  CompletableFuture<Void> come = new CompletableFuture<>();
                  run(lane, () -> come.complete(null));
                  return come;
                })
            .toArray(CompletableFuture<?>[]::new));
  }

  private static void run(Lane lane, Runnable task) {
    Lane here = Lane.current();
    if (lane == here) {
      task.run();
    } else {
      send(here, lane, task);
    }
  }

  private static void send(@Nullable Lane here, Lane there, Runnable task) {
    if (here == null) {
      there.execute(task);
    } else {
      here.handOver(there, task);
    }
  }

  private void deliverOnLane(LaneTargets of, Publication publication) {
    DeliveryMemo memo = new DeliveryMemo();
    for (Target target : of.targets()) {
      Delivery delivery = target.delivery(publication, memo);
      if (delivery != null) {
        hand(target.subscriber(), delivery);
      }
    }
  }

  private void hand(Subscriber subscriber, Delivery delivery) {
    if (!subscriber.deliver(delivery)) {
      drops.queueFull(subscriber, delivery);
    }
  }
}
