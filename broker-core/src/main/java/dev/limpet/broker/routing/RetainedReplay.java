package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.InboxTarget;
import dev.limpet.broker.topic.TopicName;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
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
  private static final int REPLAY_MAX = SendQueue.REPLAYED_MAX;

  /** What an authoriser has not allowed by then is not sent: publications are not held for ever. */
  private static final long ANSWER_MILLIS_MAX = 10_000;

  /** Half of what a store lets wait. */
  private static final int SEARCHES_MAX = 500;

  private final SearchGate gate = new SearchGate(SEARCHES_MAX, ANSWER_MILLIS_MAX);
  private final RoutingPorts ports;

  public RetainedReplay(RoutingPorts ports) {
    this.ports = ports;
    ports
        .metrics()
        .gauge(
            "limpet.retained.searches.waiting",
            "searches for retained messages that wait for their turn",
            gate::waiting);
  }

  /**
   * Looks up what a new subscription brings; before SUBACK is fine, sending is not.
   *
   * @param permission whether the subscriber may have what was published to a topic
   * @return done on the subscriber's lane when all is sent or queued, never exceptionally
   */
  public CompletableFuture<Void> replay(
      Subscriber subscriber,
      Subscription subscription,
      Function<TopicName, CompletableFuture<Decision>> permission) {
    return gate.enter(() -> ports.retained().match(subscription.filter().filter(), REPLAY_MAX))
        .thenCompose(publications -> allowed(counted(publications), permission))
        .handleAsync(
            (publications, failure) -> {
              if (failure == null) {
                publications.stream()
                    .filter(each -> isWanted(subscriber, subscription, each))
                    .forEach(each -> send(subscriber, subscription, each));
              } else {
                LOG.warn(
                    "No retained messages for {}: {}", subscriber.clientId(), failure, failure);
              }
              return null;
            },
            subscriber.lane());
  }

  private List<Publication> counted(List<Publication> found) {
    if (found.size() == REPLAY_MAX) {
      ports.metrics().replayCut();
    }
    return found;
  }

  private static CompletableFuture<List<Publication>> allowed(
      List<Publication> found, Function<TopicName, CompletableFuture<Decision>> permission) {
    List<CompletableFuture<Decision>> answers =
        found.stream().map(each -> permission.apply(each.topic())).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .orTimeout(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .exceptionally(failure -> null) // looked at one by one
        .thenApply(
            known ->
                IntStream.range(0, found.size())
                    .filter(i -> isAllowed(answers.get(i)))
                    .mapToObj(found::get)
                    .toList());
  }

  private static boolean isAllowed(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally() && answer.getNow(Decision.DENY) == Decision.ALLOW;
  }

  /** "No Local" holds for what was retained, too [MQTT-3.8.3-3]. */
  private static boolean isWanted(
      Subscriber subscriber, Subscription subscription, Publication publication) {
    return !subscription.noLocal() || !publication.publisher().equals(subscriber.clientId());
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
    } else if (!subscriber.replay(new Delivery(publication, qos, true, ids))) {
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
