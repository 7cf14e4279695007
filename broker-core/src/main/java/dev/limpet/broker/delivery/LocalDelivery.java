package dev.limpet.broker.delivery;

import dev.limpet.broker.delivery.LocalTargets.DeliveryMemo;
import dev.limpet.broker.delivery.LocalTargets.LaneTargets;
import dev.limpet.broker.delivery.LocalTargets.Target;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;

/**
 * Hands publications to the connected sessions of this node, each on its own lane.
 *
 * <p>Thread-safe. Calls of one thread keep their order for each session.
 */
public final class LocalDelivery {
  private final BrokerMetrics metrics;

  public LocalDelivery(BrokerMetrics metrics) {
    this.metrics = metrics;
  }

  /** Delivers to all targets. */
  public void deliver(LocalTargets targets, Publication publication) {
    for (LaneTargets of : targets.lanes()) {
      of.lane().run(() -> deliverOnLane(of, publication));
    }
  }

  /** Delivers to one session that was picked from its share group. */
  public void deliver(Subscriber subscriber, Delivery delivery) {
    subscriber.lane().run(() -> hand(subscriber, delivery));
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
      metrics.deliveryDropped(delivery.qos());
    }
  }
}
