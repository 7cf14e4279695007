package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connects whose steps take their time, fail, or are overtaken. */
class ConnectFlowTest {
  private static final ConnectSpec SPEC = ConnectSpec.v5("one").durable();
  private TestBroker broker;
  private GatedStore store;

  @BeforeEach
  void start() {
    broker =
        new TestBroker.Setup()
            .sessions(
                heap -> {
                  store = new GatedStore(heap);
                  return store;
                })
            .start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "describe"})
  void a_socket_that_closes_in_the_middle_of_a_step_leaves_nothing(String step) {
    CompletableFuture<Void> gate = store.hold(step);
    ConnectSpec spec = ConnectSpec.v5("one").expiry(5).will("w", "never", 0);
    RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5);
    client.send(new Connect(spec.request()));
    await().until(() -> store.calls(step) == 1);
    client.close();
    store.release(step);
    gate.complete(null);
    await().until(() -> store.calls("close") == 1);
    broker.awaitConnections(0);
    await().until(() -> broker.gauge("limpet.sessions.expiring") == 1);
    broker.clock.advanceSeconds(6);
    await().until(() -> !broker.isKnown("one"));
    assertThat(broker.broker().durableSessionCount()).isZero();
  }

  @Test
  void what_came_before_a_fin_is_served_though_the_connect_takes_its_time() {
    CompletableFuture<Void> gate = store.hold("open");
    try (RawClient watcher = broker.connect(ConnectSpec.v5("watcher"));
        RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      watcher.subscribe("t", Qos.AT_LEAST_ONCE);
      client.sendTogether(
          new Connect(SPEC.will("t", "not sent", 0).request()),
          RawClient.publish("t", "first", Qos.AT_MOST_ONCE, 0),
          RawClient.publish("t", "second", Qos.AT_LEAST_ONCE, 1),
          Disconnect.of(ReasonCode.SUCCESS));
      client.endOutput();
      await().until(() -> store.calls("open") == 1);
      gate.complete(null);
      watcher.take("first");
      watcher.take("second");
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      client.expectAck(PacketType.PUBACK, 1);
      client.expectEnd();
      broker.awaitConnections(1);
      watcher.publish("t", "last", Qos.AT_MOST_ONCE);
      watcher.take("last"); // and not the will
    }
  }

  @Test
  void a_fin_within_a_packet_ends_the_connection_and_publishes_the_will() {
    try (RawClient watcher = broker.connect(ConnectSpec.v5("watcher"));
        RawClient client = broker.connect(ConnectSpec.v5("one").will("t", "gone", 0))) {
      watcher.subscribe("t", Qos.AT_LEAST_ONCE);
      client.sendHex("30 05 00"); // never to be whole
      client.endOutput();
      client.expectEnd();
      watcher.take("gone");
      broker.awaitConnections(1);
    }
  }

  @Test
  void a_step_that_fails_refuses_and_the_next_try_succeeds() {
    store.hold("open").completeExceptionally(new ClusterUnavailableException("test", null));
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      assertThat(client.connect(SPEC).reason()).isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
      client.expectEnd();
    }
    store.release("open");
    store.hold("describe").completeExceptionally(new ClusterUnavailableException("test", null));
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      assertThat(client.connect(ConnectSpec.v3("one").durable()).reason().connackReturnCode())
          .isEqualTo(3);
      client.expectEnd();
    }
    broker.awaitConnections(0);
    store.release("describe");
    try (RawClient client = broker.connect(SPEC)) {
      client.subscribe("t", Qos.AT_LEAST_ONCE);
      assertThat(client.publish("t", "x")).isEqualTo(ReasonCode.SUCCESS);
      client.take("x");
    }
  }

  @Test
  void a_connect_overtaken_in_the_middle_is_told_like_one_taken_over() {
    CompletableFuture<Void> gate = store.hold("describe");
    try (RawClient old = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      old.send(new Connect(SPEC.request()));
      await().until(() -> store.calls("describe") == 1);
      next.send(new Connect(SPEC.request()));
      await().until(() -> store.calls("open") == 2);
      store.release("describe");
      gate.complete(null);
      assertThat(next.expect(Connack.class).sessionPresent()).isTrue();
      assertThat(old.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      old.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      next.ping();
      broker.awaitConnections(1);
    }
  }

  @Test
  void an_overtaken_3_1_1_client_is_closed_plainly() {
    CompletableFuture<Void> gate = store.hold("describe");
    ConnectSpec spec = ConnectSpec.v3("one").durable();
    try (RawClient old = RawClient.open(broker.port(), ProtocolVersion.V3_1_1);
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      old.send(new Connect(spec.request()));
      await().until(() -> store.calls("describe") == 1);
      next.send(new Connect(spec.request()));
      await().until(() -> store.calls("open") == 2);
      store.release("describe");
      gate.complete(null);
      next.expect(Connack.class);
      old.expectEnd();
      next.ping();
    }
  }

  @Test
  void two_connects_meet_while_their_predecessor_still_leaves() {
    try (RawClient leaving = broker.connect(SPEC);
        RawClient second = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient third = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      CompletableFuture<Void> gate = store.hold("close");
      second.send(new Connect(SPEC.request()));
      leaving.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      third.send(new Connect(SPEC.request()));
      await().until(() -> broker.count("limpet.takeovers") == 2);
      store.release("close");
      gate.complete(null);
      third.expect(Connack.class);
      broker.awaitConnections(1);
      third.ping();
      second.next(); // CONNACK of one sort or another
      assertThat(second.answersPing()).isFalse();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.2.0-1")
  void nothing_is_sent_to_a_resumed_session_before_connack() {
    try (RawClient before = broker.connect(SPEC)) {
      before.subscribe("live", Qos.AT_MOST_ONCE);
      before.disconnect();
    }
    broker.awaitConnections(0);
    CompletableFuture<Void> gate = store.hold("describe");
    try (RawClient back = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      int calls = store.calls("describe");
      back.send(new Connect(SPEC.request()));
      await().until(() -> store.calls("describe") == calls + 1);
      publisher.publish("live", "early");
      publisher.ping();
      store.release("describe");
      gate.complete(null);
      assertThat(back.expect(Connack.class).sessionPresent()).isTrue();
      back.expectPublish("early");
    }
  }

  @Test
  void a_client_with_many_unanswered_subscribes_is_not_read_from() {
    try (RawClient client = broker.connect(SPEC)) {
      CompletableFuture<Void> gate = store.hold("subscribe");
      for (int id = 1; id <= 100; id++) {
        client.send(
            new Subscribe(
                id, 0, List.of(SubscribeRequest.plain("t/" + id, Qos.AT_LEAST_ONCE)), List.of()));
      }
      await().until(() -> store.calls("subscribe") == 16);
      try (RawClient other = broker.connect(ConnectSpec.v5("other"))) {
        other.ping();
      }
      assertThat(store.calls("subscribe")).isEqualTo(16);
      store.release("subscribe");
      gate.complete(null);
      for (int id = 1; id <= 100; id++) {
        client.expect(dev.limpet.broker.connection.codec.Packet.Suback.class);
      }
      client.ping();
    }
  }

  @Test
  void a_publisher_this_node_makes_wait_is_not_called_silent() {
    try (RawClient durable = broker.connect(SPEC)) {
      durable.subscribe("slow", Qos.AT_LEAST_ONCE);
      CompletableFuture<Void> gate = store.hold("append");
      int window = BrokerOptions.DEFAULTS.connection().session().receiveMaximum();
      try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher").keepAlive(2));
          RawClient clock = broker.connect(ConnectSpec.v5("clock").keepAlive(3))) {
        for (int id = 1; id <= window; id++) {
          publisher.send(RawClient.publish("slow", "m", Qos.AT_LEAST_ONCE, id));
        }
        clock.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT); // later than the publisher's
        store.release("append");
        gate.complete(null);
        for (int id = 1; id <= window; id++) {
          publisher.expectAck(PacketType.PUBACK, id);
        }
        publisher.ping();
      }
    }
  }

  @Test
  void a_publication_that_cannot_be_made_safe_is_not_acknowledged() {
    try (RawClient durable = broker.connect(SPEC);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      durable.subscribe("t", Qos.AT_LEAST_ONCE);
      store.hold("append").completeExceptionally(new ClusterUnavailableException("test", null));
      publisher.send(RawClient.publish("t", "lost", Qos.AT_LEAST_ONCE, 1));
      publisher.expectDisconnect(ReasonCode.SERVER_BUSY); // DISCONNECT has no 0x88
    }
  }

  @Test
  void pubrel_waits_until_pubrec_is_stored() {
    try (RawClient durable = broker.connect(SPEC);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      durable.subscribe("t", Qos.EXACTLY_ONCE);
      publisher.publish("t", "m", Qos.EXACTLY_ONCE);
      int id = durable.expectPublish("m").packetId();
      CompletableFuture<Void> gate = store.hold("acknowledge");
      durable.ack(PacketType.PUBREC, id);
      durable.ping(); // and no PUBREL before it
      store.release("acknowledge");
      gate.complete(null);
      durable.expectAck(PacketType.PUBREL, id);
      durable.ack(PacketType.PUBCOMP, id);
      durable.ping();
    }
  }

  @Test
  void pubcomp_waits_until_pubrel_is_stored() {
    try (RawClient durable = broker.connect(SPEC)) {
      durable.send(RawClient.publish("t", "m", Qos.EXACTLY_ONCE, 4));
      durable.expectAck(PacketType.PUBREC, 4);
      CompletableFuture<Void> gate = store.hold("acknowledge");
      durable.ack(PacketType.PUBREL, 4);
      durable.ping();
      store.release("acknowledge");
      gate.complete(null);
      durable.expectAck(PacketType.PUBCOMP, 4);
    }
  }
}
