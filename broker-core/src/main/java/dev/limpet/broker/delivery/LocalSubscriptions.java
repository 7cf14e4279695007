package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.topic.TopicTree;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Indexes the subscriptions of all sessions connected to this node, and advertises their live
 * routes.
 *
 * <p>Thread-safe; readers do not lock.
 */
public final class LocalSubscriptions {
  private final TopicTree<LocalSubscription> tree = new TopicTree<>();
  private final RouteUsers routes;
  private final LongAdder shared = new LongAdder();

  public LocalSubscriptions(RouteUsers routes) {
    this.routes = routes;
  }

  /** Adds a subscription; done when every live peer routes to this node for it. */
  public CompletionStage<Void> add(Subscriber subscriber, Subscription subscription) {
    tree.add(subscription.filter().filter(), new LocalSubscription(subscriber, subscription));
    if (subscription.filter().isShared()) {
      shared.increment();
    }
    return routes.add(subscription.filter(), kind(subscriber, subscription));
  }

  /** Removes a subscription that was added. */
  public void remove(Subscriber subscriber, Subscription subscription) {
    if (tree.remove(
        subscription.filter().filter(), new LocalSubscription(subscriber, subscription))) {
      if (subscription.filter().isShared()) {
        shared.decrement();
      }
      routes.remove(subscription.filter(), kind(subscriber, subscription));
    }
  }

  /** Visits the matching subscriptions. */
  public void match(TopicName topic, Consumer<? super LocalSubscription> visitor) {
    tree.match(topic, visitor);
  }

  /** Changes with each change. */
  public long version() {
    return tree.version();
  }

  public int size() {
    return tree.size();
  }

  /** How many of them are shared. */
  public long sharedCount() {
    return shared.sum();
  }

  /** A durable session gets QoS 1 and 2 from its inbox, so only QoS 0 comes to it live. */
  private static RouteKind kind(Subscriber subscriber, Subscription subscription) {
    boolean inbox = subscriber.isDurable() && subscription.maxQos().isAcknowledged();
    return inbox ? RouteKind.LIVE_QOS0 : RouteKind.LIVE;
  }
}
