package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A neighbour of issue 7, item 2. The kind: what a client sends behind a SUBSCRIBE or UNSUBSCRIBE
 * is handled as if that one had been finished, also while the store still writes it.
 */
class PipelinedPacketsTest {
  private static final String ID = "pipeline";
  private static final String TOPIC = "own";
  private static final BrokerOptions PATIENT =
      BrokerOptions.builder()
          .connection(ConnectionOptions.builder().lastWordsMillisMax(60_000).build())
          .build();

  private GatedStore store;
  private TestBroker broker;

  @BeforeEach
  void start() {
    broker =
        new TestBroker.Setup()
            .options(PATIENT)
            .sessions(real -> store = new GatedStore(real))
            .start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private RawClient connect(ProtocolVersion version) {
    return broker.connect(ConnectSpec.of(version, ID).durable());
  }

  private static Subscribe subscribe(int packetId, String filter, Qos qos) {
    return new Subscribe(packetId, 0, List.of(SubscribeRequest.plain(filter, qos)), List.of());
  }

  private static Unsubscribe unsubscribe(int packetId) {
    return new Unsubscribe(packetId, List.of(TOPIC), List.of());
  }

  private static Packet message(Qos qos, int packetId) {
    return RawClient.publish(TOPIC, "m", qos, qos.isAcknowledged() ? packetId : 0);
  }

  /** Sends packets whose first one needs the store, which answers once all have been looked at. */
  private CompletableFuture<Void> sendHeldUp(RawClient client, Packet... packets) {
    int calls = store.calls("subscribe");
    CompletableFuture<Void> gate = store.hold("subscribe");
    client.sendTogether(packets);
    await().until(() -> store.calls("subscribe") > calls);
    store.release("subscribe");
    return gate;
  }

  @ParameterizedTest
  @CsvSource({
    "V3_1_1, AT_MOST_ONCE", "V3_1_1, AT_LEAST_ONCE", "V3_1_1, EXACTLY_ONCE",
    "V5, AT_MOST_ONCE", "V5, AT_LEAST_ONCE", "V5, EXACTLY_ONCE"
  })
  @Spec(v3 = "MQTT-3.8.4-1", v5 = "MQTT-3.8.4-1")
  void a_message_behind_its_subscription_comes(ProtocolVersion version, Qos qos) {
    try (RawClient client = connect(version)) {
      sendHeldUp(client, subscribe(1, TOPIC, Qos.AT_LEAST_ONCE), message(qos, 2)).complete(null);
      client.expect(Suback.class);
      assertThat(published(client, qos)).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V3_1_1, AT_MOST_ONCE", "V3_1_1, AT_LEAST_ONCE", "V3_1_1, EXACTLY_ONCE",
    "V5, AT_MOST_ONCE", "V5, AT_LEAST_ONCE", "V5, EXACTLY_ONCE"
  })
  void a_message_behind_the_end_of_its_subscription_does_not(ProtocolVersion version, Qos qos) {
    try (RawClient client = connect(version)) {
      client.subscribe(TOPIC, Qos.AT_LEAST_ONCE);
      sendHeldUp(client, unsubscribe(1), message(qos, 2)).complete(null);
      client.expect(Unsuback.class);
      assertThat(published(client, qos)).isZero();
    }
  }

  /**
   * How many messages come before the acknowledgement of the client's own and an answer to a ping.
   */
  private static int published(RawClient client, Qos qos) {
    client.send(Pingreq.INSTANCE);
    int published = 0;
    boolean answered = false;
    boolean acknowledged = !qos.isAcknowledged();
    while (!answered || !acknowledged) {
      Packet packet = client.next();
      switch (packet.type()) {
        case PUBLISH -> published++;
        case PINGRESP -> answered = true;
        case PUBACK, PUBREC -> acknowledged = true;
        default -> throw new AssertionError(packet);
      }
    }
    return published + client.takeBeforePing().size();
  }

  @ParameterizedTest
  @EnumSource(names = {"V3_1_1", "V5"})
  void what_begins_and_ends_a_subscription_keeps_its_order(ProtocolVersion version) {
    try (RawClient client = connect(version)) {
      CompletableFuture<Void> gate =
          sendHeldUp(
              client,
              subscribe(1, TOPIC, Qos.AT_LEAST_ONCE),
              unsubscribe(2),
              message(Qos.AT_MOST_ONCE, 0),
              subscribe(3, TOPIC, Qos.AT_LEAST_ONCE),
              subscribe(4, "other", Qos.AT_LEAST_ONCE),
              message(Qos.AT_LEAST_ONCE, 5));
      gate.complete(null);
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(1);
      assertThat(client.expect(Unsuback.class).packetId()).isEqualTo(2);
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(3);
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(4);
      assertThat(published(client, Qos.AT_LEAST_ONCE)).isOne();
    }
  }

  /** Hundreds of them must not take hundreds of round trips; their answers keep their order. */
  @Test
  void subscriptions_behind_each_other_are_stored_together_and_answered_in_order() {
    try (RawClient client = connect(ProtocolVersion.V5)) {
      CompletableFuture<Void> first = sendHeldUp(client, subscribe(1, "f/1", Qos.AT_LEAST_ONCE));
      int calls = store.calls("subscribe");
      client.sendTogether(
          subscribe(2, "f/2", Qos.AT_LEAST_ONCE), subscribe(3, "f/3", Qos.AT_LEAST_ONCE));
      await().until(() -> store.calls("subscribe") == calls + 2);
      first.complete(null);
      for (int packetId = 1; packetId <= 3; packetId++) {
        assertThat(client.expect(Suback.class).packetId()).isEqualTo(packetId);
      }
    }
  }

  /** So that nothing that the client waits for can wait for the client. */
  @Test
  void acknowledgements_do_not_wait() {
    try (RawClient client = connect(ProtocolVersion.V5)) {
      client.subscribe(TOPIC, Qos.EXACTLY_ONCE);
      client.send(message(Qos.EXACTLY_ONCE, 7));
      client.expectAck(PacketType.PUBREC, 7);
      int delivered = client.expectPublish("m").packetId();
      CompletableFuture<Void> gate = sendHeldUp(client, subscribe(8, "more", Qos.AT_MOST_ONCE));
      client.ack(PacketType.PUBREL, 7).expectAck(PacketType.PUBCOMP, 7);
      client.ack(PacketType.PUBREC, delivered).expectAck(PacketType.PUBREL, delivered);
      client.ack(PacketType.PUBCOMP, delivered);
      client.send(Pingreq.INSTANCE);
      gate.complete(null);
      client.expect(Suback.class);
      client.expect(Pingresp.class);
    }
  }

  /** Issue 7, item 1, is of the same kind: the goodbye waits, and its client has gone meanwhile. */
  @ParameterizedTest
  @CsvSource({"V3_1_1, FIN", "V3_1_1, CLOSE", "V3_1_1, RESET", "V5, FIN", "V5, CLOSE", "V5, RESET"})
  void a_goodbye_behind_a_subscription_counts(ProtocolVersion version, Leaving leaving) {
    try (RawClient watcher = watcher()) {
      RawClient client = RawClient.connect(broker.port(), withWill(version));
      CompletableFuture<Void> gate =
          sendHeldUp(
              client,
              subscribe(1, TOPIC, Qos.AT_LEAST_ONCE),
              message(Qos.AT_LEAST_ONCE, 2),
              Disconnect.of(ReasonCode.SUCCESS));
      leaving.by(client);
      gate.complete(null);
      broker.awaitConnections(1);
      try (RawClient next = connect(version)) {
        next.take("m");
        watcher.ping(); // and no will before it
      }
    }
  }

  /** The same against the next CONNECT, which waits for that. */
  @ParameterizedTest
  @EnumSource(names = {"V3_1_1", "V5"})
  void a_goodbye_behind_a_subscription_counts_when_its_client_is_evicted(ProtocolVersion version) {
    try (RawClient watcher = watcher();
        RawClient client = RawClient.connect(broker.port(), withWill(version));
        RawClient next = RawClient.open(broker.port(), version)) {
      CompletableFuture<Void> gate =
          sendHeldUp(
              client, subscribe(1, TOPIC, Qos.AT_LEAST_ONCE), Disconnect.of(ReasonCode.SUCCESS));
      next.send(new Connect(withWill(version).request()));
      expectEvicted(client, version);
      gate.complete(null);
      assertThat(next.expect(Packet.Connack.class).sessionPresent()).isTrue();
      watcher.ping(); // and no will before it
    }
  }

  private static void expectEvicted(RawClient client, ProtocolVersion version) {
    if (version.isV5()) {
      client.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
    }
    client.expectEnd();
  }

  private RawClient watcher() {
    RawClient watcher = broker.connect(ConnectSpec.v5("watcher"));
    watcher.subscribe("will", Qos.AT_MOST_ONCE);
    return watcher;
  }

  private static ConnectSpec withWill(ProtocolVersion version) {
    return ConnectSpec.of(version, ID).durable().will("will", "gone", 0);
  }

  /** How the socket of a client that has said goodbye goes. */
  private enum Leaving {
    FIN,
    CLOSE,
    RESET;

    void by(RawClient client) {
      switch (this) {
        case FIN -> client.endOutput();
        case CLOSE -> client.close();
        case RESET -> client.reset();
      }
    }
  }
}
