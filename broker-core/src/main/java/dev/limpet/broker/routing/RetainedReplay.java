package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.InboxTarget;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends retained publications to a session that subscribed [MQTT-3.3.1-9] to [MQTT-3.3.1-11].
 *
 * <p>Thread-safe.
 */
public final class RetainedReplay {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedReplay.class);

  /** Most publications one new subscription brings: a bound for "#" on a large store. */
  private static final int REPLAY_MAX = 100_000;

  private final RoutingPorts ports;

  public RetainedReplay(RoutingPorts ports) {
    this.ports = ports;
  }

  /** Looks up what a new subscription brings; before SUBACK is fine, sending is not. */
  public void replay(Subscriber subscriber, Subscription subscription) {
    CompletionStage<List<Publication>> found =
        ports.retained().match(subscription.filter().filter(), REPLAY_MAX);
    var unused =
        found.whenCompleteAsync(
            (publications, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "No retained messages for {}: {}", subscriber.clientId(), failure, failure);
              } else {
                publications.forEach(each -> send(subscriber, subscription, each));
              }
            },
            subscriber.lane());
  }

  private void send(Subscriber subscriber, Subscription subscription, Publication publication) {
    Qos qos = publication.qos().atMost(subscription.maxQos());
    int id = subscription.subscriptionId();
    List<Integer> ids = id == 0 ? List.of() : List.of(id);
    if (subscriber.isDurable() && qos.isAcknowledged()) {
      // Under a new id, or the inbox would drop what it got when it was published.
      Publication copy = withNewId(publication);
      InboxTarget inbox =
          new InboxTarget(subscriber.clientId(), new Delivery(copy, qos, true, ids));
      var unused =
          ports
              .sessions()
              .append(copy, List.of(inbox))
              .whenComplete(
                  (nothing, failure) -> {
                    if (failure != null) {
                      LOG.warn("A retained message did not reach its inbox: {}", failure, failure);
                    }
                  });
    } else if (!subscriber.deliver(new Delivery(publication, qos, true, ids))) {
      ports.metrics().deliveryDropped(qos);
    }
  }

  private Publication withNewId(Publication p) {
    return new Publication(
        ports.ids().next(),
        p.publisher(),
        p.topic(),
        p.payload(),
        p.qos(),
        p.retain(),
        p.expiresAtMillis(),
        p.properties());
  }
}
