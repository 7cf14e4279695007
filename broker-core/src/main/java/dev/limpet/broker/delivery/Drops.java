package dev.limpet.broker.delivery;

import dev.limpet.broker.events.Client;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import java.util.function.Supplier;

/** Counts and reports deliveries dropped for a client. Thread-safe. */
public final class Drops {
  private final BrokerMetrics metrics;
  private final EventLog events;

  public Drops(BrokerMetrics metrics, EventLog events) {
    this.metrics = metrics;
    this.events = events;
  }

  /** A connected client's queue, or that of all of the node, has no room for it. */
  public void queueFull(Subscriber subscriber, Delivery delivery) {
    drop(
        subscriber::client,
        delivery,
        "its queue is full, or that of the node (send-queue-…, node-send-queue-…, memory-ceiling)");
  }

  /** A connected client takes no packets so large. */
  public void tooLarge(Supplier<Client> client, Delivery delivery) {
    drop(client, delivery, "it accepts no packet so large (Maximum Packet Size)");
  }

  /** Counts a share group's delivery that no other member can take. */
  public void nobodyLeft(Delivery delivery) {
    drop(
        () -> new Client(null, null, null, null),
        delivery,
        "no other member of " + delivery.share() + " took it");
  }

  /** An inbox at home here has no room for it; counted by the store. */
  public void inboxFull(ClientId clientId, Delivery delivery) {
    events.tell(
        EventKind.DROPPED,
        () -> Client.away(clientId.value()),
        () -> words(delivery, "its inbox is full, or those of the node (inbox-…, node-inbox-…)"));
  }

  private void drop(Supplier<Client> client, Delivery delivery, String why) {
    metrics.deliveryDropped(delivery.qos());
    events.tell(EventKind.DROPPED, client, () -> words(delivery, why));
  }

  private static String words(Delivery delivery, String why) {
    return why + ": topic '" + delivery.publication().topic() + "', QoS " + delivery.qos().level();
  }
}
