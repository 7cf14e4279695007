package dev.limpet.broker.routing.replay;

import dev.limpet.broker.delivery.HeldBack;
import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  /** Publications not allowed by then are not sent: they are not held for ever. */
  private static final long ANSWER_MILLIS_MAX = 10_000;

  /** Half of the searches a store lets wait. */
  private static final int SEARCHES_MAX = 500;

  private final SearchGate searches = new SearchGate(SEARCHES_MAX, ANSWER_MILLIS_MAX);
  private final RoutingPorts ports;
  private final InboxReplays inboxes;
  private final Settling settling;
  private final AtomicLong numbers = new AtomicLong();

  public RetainedReplay(RoutingPorts ports, InboxReplays inboxes, Settling settling) {
    this.ports = ports;
    this.inboxes = inboxes;
    this.settling = settling;
    ports
        .metrics()
        .gauge(
            "limpet.retained.searches.waiting",
            "Searches for retained messages that wait for their turn",
            searches::waiting);
  }

  /**
   * A new subscription with retained publications to send. Until they are sent, live publications
   * wait behind them. Confined to the subscriber's lane.
   */
  public static final class Join {
    private final Subscriber subscriber;
    private final Subscription subscription;
    private final HeldBack.Hold live;
    private @Nullable InboxPlace inbox;
    private boolean liveGoesOn;

    private Join(Subscriber subscriber, Subscription subscription, HeldBack.Hold live) {
      this.subscriber = subscriber;
      this.subscription = subscription;
      this.live = live;
    }

    public Subscription subscription() {
      return subscription;
    }
  }

  /**
   * Call before the subscription is announced: from then on newer publications must wait for the
   * retained ones. On the subscriber's lane; {@link #replay} or {@link #abandon} ends it.
   */
  public Join begin(Subscriber subscriber, Subscription subscription) {
    Join join =
        new Join(subscriber, subscription, subscriber.holdBack(subscription.filter().filter()));
    if (subscriber.isDurable() && subscription.maxQos().isAcknowledged()) {
      join.inbox = place(join);
    }
    return join;
  }

  private InboxPlace place(Join join) {
    Membership membership = ports.membership();
    NodeId home = membership.homeOf(join.subscriber.clientId());
    return home.equals(membership.self())
        ? new PlaceHere(inboxes, join.subscriber, join.subscription)
        : new PlaceAtHome(
            ports.peers(),
            home,
            new ReplayStep.Begin(
                numbers.incrementAndGet(), join.subscriber.clientId(), join.subscription),
            join.subscriber.lane(),
            (found, line) -> fillFromHere(join, found, line));
  }

  /** The home does not help: publications arriving live or already sent are not sent again. */
  private CompletableFuture<Void> fillFromHere(
      Join join, List<Publication> found, Watermarks line) {
    return new PlaceHere(inboxes, join.subscriber, join.subscription)
        .fill(found.stream().filter(each -> !comesLive(join, line, each)).toList(), line);
  }

  /**
   * Before the subscriptions are stored.
   *
   * @return done, never exceptionally, when the home holds back for them
   */
  public CompletableFuture<Void> held(List<Join> joins) {
    return ofAll(joins, InboxPlace::held);
  }

  private static CompletableFuture<Void> ofAll(
      List<Join> joins, Function<InboxPlace, CompletableFuture<Void>> step) {
    List<CompletableFuture<Void>> steps = new ArrayList<>();
    for (Join join : joins) {
      if (join.inbox != null) {
        steps.add(step.apply(join.inbox));
      }
    }
    return Stages.all(steps);
  }

  /** The subscription brings nothing after all. On the subscriber's lane. */
  public void abandon(Join join) {
    goOn(join);
    InboxPlace inbox = join.inbox;
    if (inbox != null) {
      join.inbox = null;
      inbox.abandon();
    }
  }

  private void goOn(Join join) {
    if (!join.liveGoesOn) {
      join.liveGoesOn = true;
      join.subscriber.goOn(join.live, refused -> ports.drops().queueFull(join.subscriber, refused));
    }
  }

  /**
   * Draws the line between retained and live publications. Call once all nodes know the
   * subscriptions, on the subscriber's lane.
   */
  public CompletableFuture<Watermarks> line(List<Join> joins) {
    CompletableFuture<Void> atHome = ofAll(joins, InboxPlace::drawn);
    return settling.everywhere().thenCombine(atHome, (line, drawn) -> line);
  }

  /**
   * Looks up and sends the retained publications of a new subscription.
   *
   * @param line drawn since all nodes know of the subscription
   * @param permission whether the subscriber may receive messages of a topic
   * @return done on the subscriber's lane when all is sent or queued, never exceptionally
   */
  public CompletableFuture<Void> replay(
      Join join, Watermarks line, Function<TopicName, CompletableFuture<Decision>> permission) {
    TopicFilter filter = join.subscription.filter().filter();
    return searches
        .enter(() -> ports.retained().match(filter, REPLAY_MAX))
        .thenCompose(found -> allowed(counted(found), permission))
        .thenComposeAsync(found -> send(join, line, found), join.subscriber.lane().soonest())
        .exceptionally(
            failure -> {
              LOG.warn(
                  "Not all retained messages for {}: {}",
                  join.subscriber.clientId(),
                  failure.toString(),
                  failure);
              return null;
            })
        .thenAcceptAsync(done -> abandon(join), join.subscriber.lane().soonest());
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
    return Stages.all(answers)
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

  /** "No Local" applies to retained publications, too [MQTT-3.8.3-3]. */
  private static boolean isWanted(
      Subscriber subscriber, Subscription subscription, Publication publication) {
    return !subscription.noLocal() || !publication.publisher().equals(subscriber.clientId());
  }

  /** On the lane. */
  private CompletableFuture<Void> send(Join join, Watermarks line, List<Publication> found) {
    Subscriber subscriber = join.subscriber;
    List<Publication> forInbox = new ArrayList<>();
    for (Publication each : found) {
      if (!isWanted(subscriber, join.subscription, each)) {
        continue;
      }
      Qos qos = each.qos().atMost(join.subscription.maxQos());
      if (subscriber.isDurable() && qos.isAcknowledged()) {
        forInbox.add(each);
        continue;
      }
      Delivery delivery = Delivery.replayed(each, join.subscription);
      if (!comesLive(join, line, each) && !subscriber.replay(delivery)) {
        ports.drops().queueFull(subscriber, delivery);
      }
    }
    goOn(join);
    InboxPlace inbox = join.inbox;
    return inbox == null ? Routed.AT_ONCE : inbox.fill(forInbox, line);
  }

  private static boolean comesLive(Join join, Watermarks line, Publication retained) {
    return line.isBefore(retained.id()) || join.live.hasOrIsPast(retained);
  }
}
