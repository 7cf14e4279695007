package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.GatedDirectory;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.unbreakable.OtherCluster;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 7, item 1. The kind: the last act of a connection and the next CONNECT of its client id, in
 * every order in which their steps can meet. What the first client said decides about its will and
 * its session, wherever the second one's claim comes in between.
 */
class SuccessionTest {
  private static final String ID = "successor";

  private final BusyLane lane = new BusyLane();
  private GatedStore store;
  private GatedDirectory directory;
  private TestBroker broker;
  private RawClient watcher;

  /** How the first connection ends. */
  private enum LastAct {
    GOODBYE,
    GOODBYE_ENDING_THE_SESSION,
    GOODBYE_WITH_WILL,
    WITH_WILL_ENDING_THE_SESSION,
    LOST,
    LOST_WITH_DELAY;

    boolean isCancelled() {
      return this == GOODBYE || this == GOODBYE_ENDING_THE_SESSION;
    }

    boolean endsSession() {
      return this == GOODBYE_ENDING_THE_SESSION || this == WITH_WILL_ENDING_THE_SESSION;
    }

    int delaySeconds() {
      return this == LOST_WITH_DELAY || this == WITH_WILL_ENDING_THE_SESSION ? 1_000 : 0;
    }

    boolean isFor(ProtocolVersion version) {
      return version.isV5() || this == GOODBYE || this == LOST;
    }

    void by(RawClient client) {
      switch (this) {
        case GOODBYE -> client.send(Disconnect.of(ReasonCode.SUCCESS));
        case GOODBYE_ENDING_THE_SESSION -> client.send(ending(ReasonCode.SUCCESS));
        case GOODBYE_WITH_WILL -> client.send(Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL));
        case WITH_WILL_ENDING_THE_SESSION -> client.send(ending(ReasonCode.DISCONNECT_WITH_WILL));
        case LOST, LOST_WITH_DELAY -> client.close();
      }
    }

    private static Disconnect ending(ReasonCode reason) {
      return new Disconnect(reason, 0L, null, null, List.of());
    }
  }

  /** Where the claim of the second connection comes in. */
  private enum Moment {
    BEFORE_THE_SESSION_IS_STORED,
    BEFORE_THE_RELEASE,
    BEFORE_THE_RELEASE_AND_HEARD_OF_AFTER_ALL_IS_OVER,
    AFTER_THE_RELEASE
  }

  static Stream<Arguments> schedules() {
    List<Arguments> all = new ArrayList<>();
    for (ProtocolVersion version : List.of(ProtocolVersion.V3_1_1, ProtocolVersion.V5)) {
      for (LastAct act : LastAct.values()) {
        for (Moment moment : Moment.values()) {
          for (boolean durable : new boolean[] {true, false}) {
            for (boolean cleanStart : new boolean[] {true, false}) {
              if (act.isFor(version) && isPossible(durable, act, moment)) {
                all.add(Arguments.of(version, act, moment, durable, cleanStart));
              }
            }
          }
        }
      }
    }
    return all.stream();
  }

  private static boolean isPossible(boolean durable, LastAct act, Moment moment) {
    return durable
        || act.delaySeconds() == 0
            && !act.endsSession()
            && moment != Moment.BEFORE_THE_SESSION_IS_STORED;
  }

  @BeforeEach
  void start() {
    broker =
        new TestBroker.Setup()
            .sessions(real -> store = new GatedStore(real))
            .cluster(
                real -> {
                  directory = new GatedDirectory(real.directory());
                  return new OtherCluster(real, real.routes(), directory);
                })
            .authorizer(lane)
            .start();
    watcher = broker.connect(ConnectSpec.v5("watcher"));
    watcher.subscribe("will/#", Qos.AT_LEAST_ONCE);
  }

  @AfterEach
  void stop() {
    watcher.close();
    broker.close();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  @Spec(
      v3 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"},
      v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3", "MQTT-3.1.3-9"})
  void the_first_ones_last_act_decides(
      ProtocolVersion version, LastAct act, Moment moment, boolean durable, boolean cleanStart) {
    ConnectSpec first = spec(version, durable).will("will/first", "first", act.delaySeconds());
    ConnectSpec second =
        spec(version, durable).cleanStart(cleanStart).will("will/second", "second", 0);
    RawClient old = broker.connect(first);
    RawClient next = RawClient.open(broker.port(), version);

    Connack answer = meet(moment, () -> act.by(old), next, second);

    boolean stays = durable && !act.endsSession();
    assertThat(answer.reason()).isEqualTo(ReasonCode.SUCCESS);
    assertThat(answer.sessionPresent()).isEqualTo(stays && !cleanStart);
    next.close(); // its will is published behind what the client id published before
    boolean waitsNoLonger = act.delaySeconds() == 0 || act.endsSession() || cleanStart;
    if (!act.isCancelled() && waitsNoLonger) {
      watcher.take("first");
    }
    watcher.take("second");
    old.close();
    assertThat(broker.gauge("limpet.endings.kept")).isZero();
  }

  static Stream<Arguments> overtaken() {
    return Stream.of(ProtocolVersion.values())
        .flatMap(
            version ->
                Stream.of(true, false)
                    .flatMap(
                        atTheClaim ->
                            Stream.of(true, false)
                                .map(goodbye -> Arguments.of(version, atTheClaim, goodbye))));
  }

  /**
   * Nobody told the client that it is connected, so its will does not count, with DISCONNECT or
   * without.
   */
  @ParameterizedTest
  @MethodSource("overtaken")
  void a_connect_that_is_overtaken_before_its_answer_leaves_no_will(
      ProtocolVersion version, boolean atTheClaim, boolean goodbye) {
    int claims = directory.claimsMade();
    int opens = store.calls("open");
    CompletableFuture<Void> gate = atTheClaim ? directory.holdClaimAnswers() : store.hold("open");
    try (RawClient old = RawClient.open(broker.port(), version);
        RawClient next = RawClient.open(broker.port(), version)) {
      old.send(new Connect(spec(version, true).will("will/first", "first", 0).request()));
      if (goodbye) {
        old.send(Disconnect.of(ReasonCode.SUCCESS));
      }
      await().until(() -> directory.claimsMade() == claims + 1);
      directory.answerClaimsAgain();
      if (!atTheClaim) {
        await().until(() -> store.calls("open") == opens + 1);
      }
      next.send(new Connect(spec(version, true).will("will/second", "second", 0).request()));
      if (!atTheClaim) {
        await().until(() -> store.calls("open") == opens + 2); // by now the first one is evicted
        store.release("open");
        gate.complete(null);
      }
      assertThat(next.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      gate.complete(null); // at the claim: the first one hears of it when all is over
      next.close(); // its will is published behind what the client id published before
      watcher.take("second");
    }
    await().until(() -> broker.gauge("limpet.endings.kept") == 0);
  }

  private static ConnectSpec spec(ProtocolVersion version, boolean durable) {
    ConnectSpec spec = ConnectSpec.of(version, ID);
    return durable ? spec.durable() : spec;
  }

  private Connack meet(Moment moment, Runnable lastAct, RawClient next, ConnectSpec spec) {
    int claims = directory.claimsMade();
    int releases = directory.releasesBegun();
    Connect connect = new Connect(spec.request());
    switch (moment) {
      case BEFORE_THE_SESSION_IS_STORED -> {
        CompletableFuture<Void> closing = store.hold("close");
        lastAct.run();
        await().until(() -> store.calls("close") == 1);
        next.send(connect);
        await().until(() -> directory.claimsMade() == claims + 1);
        store.release("close");
        closing.complete(null);
      }
      case BEFORE_THE_RELEASE -> {
        CompletableFuture<Void> releasing = directory.holdReleases();
        lastAct.run();
        await().until(() -> directory.releasesBegun() == releases + 1);
        next.send(connect);
        await().until(() -> directory.claimsMade() == claims + 1);
        releasing.complete(null);
      }
      case BEFORE_THE_RELEASE_AND_HEARD_OF_AFTER_ALL_IS_OVER -> {
        CompletableFuture<Void> releasing = directory.holdReleases();
        lastAct.run();
        await().until(() -> directory.releasesBegun() == releases + 1);
        CompletableFuture<Void> hearing = directory.holdClaimAnswers();
        next.send(connect);
        await().until(() -> directory.claimsMade() == claims + 1);
        releasing.complete(null);
        broker.awaitConnections(1); // the watcher
        hearing.complete(null);
      }
      case AFTER_THE_RELEASE -> {
        lastAct.run();
        broker.awaitConnections(1);
        next.send(connect);
      }
    }
    return next.expect(Connack.class);
  }

  /** The goodbye is in the socket, unread because its lane is busy, when the eviction comes. */
  @Test
  void what_the_first_one_has_sent_is_read_before_it_is_evicted() {
    ConnectSpec first = ConnectSpec.v5(ID).durable().will("will/first", "first", 0);
    ConnectSpec second = ConnectSpec.v5(ID).durable().will("will/second", "second", 0);
    try (RawClient old = broker.connect(first);
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      await().until(() -> socketsOpened() == 3); // each on another lane
      old.send(RawClient.publish(BusyLane.TOPIC, "", Qos.AT_MOST_ONCE, 0));
      await().until(lane::isBusy);
      old.send(Disconnect.of(ReasonCode.SUCCESS));
      next.send(new Connect(second.request()));
      await().until(() -> broker.count("limpet.takeovers") == 1);
      lane.goOn();
      assertThat(next.expect(Connack.class).sessionPresent()).isTrue();
    }
    watcher.take("second");
  }

  /**
   * Issue 7, item 6, is of the same kind: PUBCOMP and the goodbye lay in the socket when the
   * eviction closed it, and PUBREL came once more to the next connection.
   */
  @Test
  void an_acknowledgement_that_was_sent_before_the_eviction_counts() {
    ConnectSpec spec = ConnectSpec.v5(ID).durable();
    try (RawClient old = broker.connect(spec);
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      await().until(() -> socketsOpened() == 3); // each on another lane
      old.subscribe("twice", Qos.EXACTLY_ONCE);
      watcher.publish("twice", "m", Qos.EXACTLY_ONCE);
      int packetId = old.expectPublish("m").packetId();
      old.ack(PacketType.PUBREC, packetId).expectAck(PacketType.PUBREL, packetId);
      old.send(RawClient.publish(BusyLane.TOPIC, "", Qos.AT_MOST_ONCE, 0));
      await().until(lane::isBusy);
      old.ack(PacketType.PUBCOMP, packetId).send(Disconnect.of(ReasonCode.SUCCESS));
      next.send(new Connect(spec.request()));
      await().until(() -> broker.count("limpet.takeovers") == 1);
      lane.goOn();
      assertThat(next.expect(Connack.class).sessionPresent()).isTrue();
      next.ping(); // and no PUBREL before it
    }
  }

  private double socketsOpened() {
    return broker.registry.get("limpet.sockets.opened").functionCounter().count();
  }

  /** Holds up the lane of whoever publishes to a topic. Thread-safe. */
  private static final class BusyLane implements Authorizer {
    private static final String TOPIC = "busy";
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean busy;

    boolean isBusy() {
      return busy;
    }

    void goOn() {
      goOn.countDown();
    }

    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      if (topic.value().equals(TOPIC)) {
        busy = true;
        try {
          assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return Decision.ALLOW.now();
    }

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      return Decision.ALLOW.now();
    }
  }
}
