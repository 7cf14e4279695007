package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Membership;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
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

  /** Replays on their way to inboxes, a page of each; a store is not to refuse others for them. */
  private static final int APPENDS_MAX = 64;

  /** The longest replay takes some seconds. */
  private static final long APPEND_MILLIS_MAX = 120_000;

  private final SearchGate searches = new SearchGate(SEARCHES_MAX, ANSWER_MILLIS_MAX);
  private final SearchGate appends = new SearchGate(APPENDS_MAX, APPEND_MILLIS_MAX);
  private final RoutingPorts ports;
  private final Inboxes inboxes;

  public RetainedReplay(RoutingPorts ports, Router router) {
    this.ports = ports;
    this.inboxes = router.inboxes();
    ports
        .metrics()
        .gauge(
            "limpet.retained.searches.waiting",
            "searches for retained messages that wait for their turn",
            searches::waiting);
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
    return searches
        .enter(() -> ports.retained().match(subscription.filter().filter(), REPLAY_MAX))
        .thenCompose(publications -> allowed(counted(publications), permission))
        .thenComposeAsync(
            publications -> send(subscriber, subscription, publications), subscriber.lane())
        .exceptionally(
            failure -> {
              LOG.warn(
                  "Not all retained messages for {}: {}",
                  subscriber.clientId(),
                  failure.toString(),
                  failure);
              return null;
            })
        .thenApplyAsync(done -> done, subscriber.lane().soonest());
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

  /** On the lane. */
  private CompletableFuture<Void> send(
      Subscriber subscriber, Subscription subscription, List<Publication> found) {
    List<Publication> forInbox = new ArrayList<>();
    for (Publication each : found) {
      if (!isWanted(subscriber, subscription, each)) {
        continue;
      }
      Qos qos = each.qos().atMost(subscription.maxQos());
      if (subscriber.isDurable() && qos.isAcknowledged()) {
        forInbox.add(each);
      } else if (!subscriber.replay(Delivery.replayed(each, subscription))) {
        ports.metrics().deliveryDropped(qos);
      }
    }
    return forInbox.isEmpty() ? Routed.AT_ONCE : append(subscriber, subscription, forInbox);
  }

  private CompletableFuture<Void> append(
      Subscriber subscriber, Subscription subscription, List<Publication> retained) {
    InboxReplay replay = inboxes.begin(subscriber.clientId(), subscription, retained);
    return appends
        .enter(() -> inboxes.send(replay, subscriber.lane()))
        .whenComplete(
            (nothing, failure) -> {
              boolean cut = inboxes.end(replay);
              if (cut || failure != null) {
                ports.metrics().replayCut();
              }
              wakeReader(subscriber.clientId());
            });
  }

  /** The client may have gone on from another node, of which only its home knows. */
  private void wakeReader(ClientId clientId) {
    Membership membership = ports.cluster().membership();
    NodeId home = membership.homeOf(clientId);
    if (!home.equals(membership.self())) {
      var unused = ports.cluster().peers().index(home, clientId);
    }
  }
}
