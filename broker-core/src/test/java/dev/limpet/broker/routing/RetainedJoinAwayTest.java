package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.replay.PeerReplays;
import dev.limpet.broker.routing.replay.RetainedReplay;
import dev.limpet.broker.routing.replay.RetainedReplay.Join;
import dev.limpet.broker.routing.replay.Watermarks;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 2, for a durable session whose client is connected away from its home. The kind: a
 * snapshot that one node takes is joined to a stream that arrives at another. A publisher at a
 * third node counts up, retained, and each order in which the steps can meet is run: the inbox has
 * the numbers in order, none twice, those from after SUBACK all, and the last one last.
 */
class RetainedJoinAwayTest {
  private static final NodeId HOST = RoutingFixture.B;
  private static final NodeId COUNTER = RoutingFixture.C;
  private static final int NUMBERS = 4;
  private static final int STEPS = 5;

  @ParameterizedTest
  @EnumSource(
      value = Qos.class,
      names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  @Spec(v3 = "MQTT-4.6.0-6", v5 = "MQTT-4.6.0-6")
  void numbers_rise_whenever_somebody_subscribes_away_from_home(Qos qos) {
    for (int schedule : schedules()) {
      World world = new World(qos, Integer.MAX_VALUE);
      world.run(schedule);
      assertThat(world.got())
          .as("schedule %s", Integer.toBinaryString(schedule))
          .isSorted()
          .doesNotHaveDuplicates()
          .containsAll(world.owed)
          .endsWith("" + NUMBERS);
    }
  }

  /** Then the host appends what was found by itself. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void nothing_is_missing_when_the_home_stops_to_help(int steps) {
    for (int schedule : schedules()) {
      World world = new World(Qos.AT_LEAST_ONCE, steps);
      world.run(schedule);
      assertThat(world.got())
          .as("schedule %s", Integer.toBinaryString(schedule))
          .containsAll(world.owed)
          .contains("" + NUMBERS);
    }
  }

  /** A bit for each step: set where a number comes. */
  private static List<Integer> schedules() {
    List<Integer> schedules = new ArrayList<>();
    for (int schedule = 0; schedule < 1 << (NUMBERS + STEPS); schedule++) {
      if (Integer.bitCount(schedule) == NUMBERS) {
        schedules.add(schedule);
      }
    }
    assertThat(schedules).hasSize(126);
    return schedules;
  }

  private static final class Node extends RoutingFixture {}

  /** One run of one schedule. */
  private static final class World {
    private static final Subscription SUBSCRIPTION =
        new Subscription(
            SharedFilter.parse("t/#"), Qos.EXACTLY_ONCE, false, false, RetainHandling.SEND, 0);

    private final Node host = new Node();
    private final Node home = new Node();
    private final Qos qos;
    private final RetainedReplay replay =
        new RetainedReplay(host.ports, host.router.inboxReplays(), host.router.settling());
    private final PeerReplays atHome =
        new PeerReplays(home.ports, home.router.inboxReplays(), home.router.settling());
    private final RoutingFixture.FakeSubscriber subscriber =
        new RoutingFixture.FakeSubscriber(ClientId.of("joins"), host.lane(), true);
    private final Claim claim = new Claim(subscriber.clientId(), RoutingFixture.SELF, 1);

    /** What the counter's node has sent home and has not arrived. */
    private final Queue<Publication> link = new ArrayDeque<>();

    private final List<String> owed = new ArrayList<>();
    private boolean known;
    private int published;
    private int stepsLeft;
    private Join join;
    private CompletableFuture<Watermarks> line;
    private long numbered;

    /**
     * @param steps that the home answers before it is lost to its host
     */
    World(Qos qos, int steps) {
      this.qos = qos;
      this.stepsLeft = steps;
      host.home = COUNTER; // only "elsewhere" matters
      host.peers.replays = this::step;
      Samples.await(home.sessions.open(claim, false, 3_600));
      // The store is the cluster's: the host reaches the same one.
      Samples.await(host.sessions.open(claim, false, 3_600));
    }

    private CompletionStage<Void> step(NodeId to, ReplayStep step) {
      return stepsLeft-- > 0 || step instanceof ReplayStep.End
          ? atHome.step(HOST, step)
          : CompletableFuture.failedFuture(new PeerGoneException(to));
    }

    void run(int schedule) {
      List<Runnable> steps =
          List.of(this::begin, this::beKnown, this::drawLine, this::answer, this::search);
      int step = 0;
      for (int i = 0; i < NUMBERS + STEPS; i++) {
        if ((schedule >> i & 1) == 1) {
          publish();
        } else {
          steps.get(step++).run();
        }
        runLanes();
      }
      arrive();
      runLanes();
    }

    private void runLanes() {
      for (int i = 0; i < 3; i++) {
        host.embedded.advanceMillis(1);
        home.embedded.advanceMillis(1);
      }
    }

    private void publish() {
      String number = Integer.toString(++published);
      Publication publication =
          RoutingFixture.retained(new PublicationId(COUNTER.incarnation(), published), number, qos);
      Samples.await(host.retained.retain(publication));
      if (known) {
        owed.add(number);
        link.add(publication);
      }
    }

    private void arrive() {
      for (Publication next = link.poll(); next != null; next = link.poll()) {
        var unused = home.router.appendForwarded(next, List.of());
        home.embedded.run();
      }
    }

    private void begin() {
      join = replay.begin(subscriber, SUBSCRIPTION);
      Samples.await(replay.held(List.of(join)));
    }

    /** To all nodes. */
    private void beKnown() {
      SubscriptionChange change = new SubscriptionChange(List.of(SUBSCRIPTION), List.of());
      Samples.await(home.sessions.subscribe(claim, change));
      Samples.await(host.sessions.subscribe(claim, change));
      home.durable.refresh(
          Samples.await(home.sessions.describe(subscriber.clientId())).orElseThrow());
      known = true;
    }

    /** The counter's node is asked by both. */
    private void drawLine() {
      host.peers.settled.put(COUNTER, new CompletableFuture<>());
      home.peers.settled.put(COUNTER, new CompletableFuture<>());
      numbered = published;
      line = replay.line(List.of(join));
    }

    /** Behind what it has sent. */
    private void answer() {
      host.peers.settled.get(COUNTER).complete(numbered);
      arrive();
      home.peers.settled.get(COUNTER).complete(numbered);
    }

    private void search() {
      var unused = replay.replay(join, line.join(), topic -> Decision.ALLOW.now());
    }

    /** What the host appended past its home comes last: it went there by itself. */
    private List<String> got() {
      List<String> got = new ArrayList<>(home.inbox(subscriber.clientId()));
      got.addAll(host.inbox(subscriber.clientId()));
      return got;
    }
  }
}
