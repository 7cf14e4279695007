package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.replay.RetainedReplay;
import dev.limpet.broker.routing.replay.RetainedReplay.Join;
import dev.limpet.broker.routing.replay.Watermarks;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 7, item 2. The kind: a snapshot that is joined to a live stream. A publisher counts up,
 * retained, while somebody subscribes, and each order in which the steps of both can meet is run.
 * The subscriber sees the numbers rise, none twice, those from after SUBACK all, and the last one
 * last.
 */
class RetainedJoinTest {
  private static final int NUMBERS = 4;
  private static final int STEPS = 5;

  /** Where the publisher is. */
  private enum Publisher {
    HERE,
    AT_A_PEER_WITH_A_QUICK_LINK,
    AT_A_PEER_WITH_A_SLOW_LINK
  }

  static Stream<Arguments> cases() {
    return Stream.of(Publisher.values())
        .flatMap(
            publisher ->
                Stream.of(Qos.values())
                    .flatMap(
                        qos ->
                            Stream.of(true, false)
                                .map(durable -> Arguments.of(publisher, qos, durable))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Spec(v3 = "MQTT-4.6.0-6", v5 = "MQTT-4.6.0-6")
  void numbers_rise_whenever_somebody_subscribes(Publisher publisher, Qos qos, boolean durable) {
    int schedules = 0;
    for (int schedule = 0; schedule < 1 << (NUMBERS + STEPS); schedule++) {
      if (Integer.bitCount(schedule) == NUMBERS) { // a bit for each step: set where a number comes
        new World(publisher, qos, durable).run(schedule);
        schedules++;
      }
    }
    assertThat(schedules).isEqualTo(126);
  }

  /** One run of one schedule. */
  private static final class World extends RoutingFixture {
    private static final Subscription SUBSCRIPTION =
        new Subscription(
            SharedFilter.parse("t/#"), Qos.EXACTLY_ONCE, false, false, RetainHandling.SEND, 0);

    private final Publisher publisher;
    private final Qos qos;
    private final boolean isDurable;
    private final RetainedReplay replay =
        new RetainedReplay(ports, router.inboxReplays(), router.settling());
    private final FakeSubscriber subscriber;
    private final Claim claim;

    /** What B has sent on its link and has not arrived. */
    private final Queue<Publication> link = new ArrayDeque<>();

    private final List<String> owed = new ArrayList<>();
    private boolean known;
    private int published;
    private Join join;
    private CompletableFuture<Watermarks> line;
    private long numberedByB;

    World(Publisher publisher, Qos qos, boolean isDurable) {
      this.publisher = publisher;
      this.qos = qos;
      this.isDurable = isDurable;
      this.subscriber = new FakeSubscriber(ClientId.of("joins"), lane(), isDurable);
      this.claim = new Claim(subscriber.clientId(), SELF, 1);
      if (isDurable) {
        Samples.await(sessions.open(claim, false, 3_600));
      }
    }

    void run(int schedule) {
      List<Runnable> steps =
          List.of(this::begin, this::beKnown, this::drawLine, this::answerOfB, this::search);
      int step = 0;
      for (int i = 0; i < NUMBERS + STEPS; i++) {
        if ((schedule >> i & 1) == 1) {
          publish();
        } else {
          steps.get(step++).run();
        }
        embedded.run();
      }
      arrive();
      embedded.advanceMillis(1);
      assertThat(got()).as("schedule %s", Integer.toBinaryString(schedule)).isSorted();
      assertThat(got()).doesNotHaveDuplicates().containsAll(owed).endsWith("" + NUMBERS);
    }

    private void publish() {
      String number = Integer.toString(++published);
      if (known) {
        owed.add(number);
      }
      if (publisher == Publisher.HERE) {
        router.route(lane(), retained(ports.ids().next(), number, qos));
        return;
      }
      Publication publication =
          retained(new PublicationId(B.incarnation(), published), number, qos);
      Samples.await(retained.retain(publication));
      if (known) {
        link.add(publication);
      }
      if (publisher == Publisher.AT_A_PEER_WITH_A_QUICK_LINK) {
        arrive();
      }
    }

    private void arrive() {
      for (Publication next = link.poll(); next != null; next = link.poll()) {
        router.deliverForwarded(next, List.of());
        if (isDurable && qos.isAcknowledged()) {
          var unused = router.appendForwarded(next, List.of());
        }
        embedded.run();
      }
    }

    private void begin() {
      join = replay.begin(subscriber, SUBSCRIPTION);
    }

    /** To all nodes. */
    private void beKnown() {
      local.add(subscriber, SUBSCRIPTION);
      if (isDurable) {
        Samples.await(
            sessions.subscribe(claim, new SubscriptionChange(List.of(SUBSCRIPTION), List.of())));
        durable.refresh(Samples.await(sessions.describe(subscriber.clientId())).orElseThrow());
      }
      known = true;
    }

    /** SUBACK waits for it. */
    private void drawLine() {
      peers.settled.put(B, new CompletableFuture<>());
      line = replay.line(List.of(join));
      numberedByB = published;
    }

    /** Behind what it has sent. */
    private void answerOfB() {
      arrive();
      peers.settled.get(B).complete(numberedByB);
    }

    private void search() {
      var unused = replay.replay(join, line.join(), topic -> Decision.ALLOW.now());
    }

    private List<String> got() {
      List<String> got = new ArrayList<>();
      subscriber.got.forEach(each -> got.add(each.substring(0, each.indexOf(' '))));
      if (isDurable) {
        got.addAll(inbox(subscriber.clientId()));
      }
      return got;
    }
  }
}
