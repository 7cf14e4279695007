package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What CONNECT and CONNACK do to sessions: sections 3.1 and 3.2 of both specifications. */
class ConnectStatementsTest extends SharedBrokerFixture {
  private static final String LONGEST_ID = "0123456789abcdefghijklm";

  @Override
  TestBroker.Setup setup() {
    ProtocolOptions byTheLetter = ProtocolOptions.builder().keepAliveCountsBytes(false).build();
    return new TestBroker.Setup()
        .options(
            BrokerOptions.builder()
                .connection(ConnectionOptions.builder().protocol(byTheLetter).build())
                .build())
        .authenticator(
            (request, origin) ->
                CompletableFuture.completedFuture(
                    "eve".equals(request.userName())
                        ? Authentication.deny(ReasonCode.NOT_AUTHORIZED)
                        : Authentication.ANONYMOUS));
  }

  @AfterEach
  void nobody_is_left() {
    broker.awaitConnections(0);
  }

  /** CONNACK of a client that says goodbye at once. */
  private Connack visit(ConnectSpec spec) {
    try (RawClient client = RawClient.open(broker.port(), spec.version())) {
      Connack connack = client.connect(spec);
      client.disconnect();
      broker.awaitConnections(0);
      return connack;
    }
  }

  private void leaveSubscription(ConnectSpec spec, String filter) {
    try (RawClient client = broker.connect(spec)) {
      client.subscribe(filter, Qos.EXACTLY_ONCE);
      client.disconnect();
    }
    broker.awaitConnections(0);
  }

  private void publish(String topic, String... payloads) {
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      for (String payload : payloads) {
        publisher.publish(topic, payload);
      }
    }
    broker.awaitConnections(0);
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-6", "MQTT-3.1.4-3", "MQTT-3.2.2-1"},
      v5 = {"MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2"})
  void a_clean_start_forgets_the_session_before(ProtocolVersion version) {
    ConnectSpec durable = ConnectSpec.of(version, "clean").durable();
    leaveSubscription(durable, "clean/#");
    publish("clean/x", "stored");
    try (RawClient client = RawClient.open(broker.port(), version)) {
      Connack connack = client.connect(ConnectSpec.of(version, "clean"));
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.sessionPresent()).isFalse();
      try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
        assertThat(publisher.publish("clean/x", "unsubscribed"))
            .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      }
      client.ping();
    }
    broker.awaitConnections(0);
    try (RawClient client = RawClient.open(broker.port(), version)) {
      assertThat(client.connect(durable).sessionPresent()).isFalse();
      client.ping();
    }
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-3.2.2-2"},
      v5 = {"MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT-3.2.2-3"})
  void a_session_that_is_kept_goes_on(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "goes-on").durable();
    leaveSubscription(spec, "goes/on");
    publish("goes/on", "one", "two");
    try (RawClient client = RawClient.open(broker.port(), version)) {
      Connack connack = client.connect(spec);
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.sessionPresent()).isTrue();
      assertThat(client.take(2)).containsExactly("one", "two");
      client.disconnect();
    }
    broker.awaitConnections(0);
    assertThat(visit(ConnectSpec.of(version, "goes-on")).sessionPresent()).isFalse();
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-4", "MQTT-3.2.2-3"},
      v5 = {"MQTT-3.1.2-6", "MQTT-3.2.2-3"})
  void without_a_session_a_new_one_begins(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "new-" + version).durable();
    Connack connack = visit(spec);
    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
    assertThat(connack.sessionPresent()).isFalse();
    assertThat(visit(spec).sessionPresent()).isTrue();
  }

  @Test
  @Spec(v3 = "MQTT-3.1.2-7")
  void retained_messages_outlive_the_session_of_their_publisher() {
    try (RawClient publisher = broker.connect(ConnectSpec.v3("short"))) {
      publisher
          .send(RawClient.publish("outlive", "kept", Qos.AT_LEAST_ONCE, 1, true))
          .expectAck(PacketType.PUBACK, 1);
      publisher.disconnect();
    }
    broker.awaitConnections(0);
    assertThat(visit(ConnectSpec.v3("short").durable()).sessionPresent()).isFalse();
    try (RawClient subscriber = broker.connect(ConnectSpec.v3("later"))) {
      subscriber.subscribe("outlive", Qos.AT_MOST_ONCE);
      subscriber.expectPublish("kept");
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-2", v5 = "MQTT-3.1.3-2")
  void the_client_id_names_the_session(ProtocolVersion version) {
    ConnectSpec one = ConnectSpec.of(version, "one").durable();
    ConnectSpec two = ConnectSpec.of(version, "two").durable();
    leaveSubscription(one, "named/1");
    leaveSubscription(two, "named/2");
    publish("named/1", "for one");
    publish("named/2", "for two");
    try (RawClient second = broker.connect(two);
        RawClient first = broker.connect(one)) {
      second.take("for two");
      second.ping();
      first.take("for one");
      first.ping();
    }
    broker.awaitConnections(0);
    visit(ConnectSpec.of(version, "one"));
    assertThat(visit(two).sessionPresent()).isTrue();
    visit(ConnectSpec.of(version, "two"));
  }

  @ParameterizedTest
  @CsvSource({
    "V3_1_1, a",
    "V3_1_1, " + LONGEST_ID,
    "V3_1_1, nopqrstuvwxyzABCDEFGHIJ",
    "V3_1_1, KLMNOPQRSTUVWXYZ",
    "V5, a",
    "V5, " + LONGEST_ID,
    "V5, nopqrstuvwxyzABCDEFGHIJ",
    "V5, KLMNOPQRSTUVWXYZ",
  })
  @Spec(v3 = "MQTT-3.1.3-5", v5 = "MQTT-3.1.3-5")
  void ids_of_23_letters_and_digits_are_taken(ProtocolVersion version, String clientId) {
    assertThat(visit(ConnectSpec.of(version, clientId)).reason()).isEqualTo(ReasonCode.SUCCESS);
  }

  @Test
  @Spec(v3 = "MQTT-3.1.3-6")
  void clients_of_3_1_1_without_an_id_get_one_each() {
    try (RawClient one = broker.connect(ConnectSpec.v3(""));
        RawClient two = broker.connect(ConnectSpec.v3(""))) {
      one.subscribe("nameless", Qos.AT_LEAST_ONCE);
      two.publish("nameless", "hello");
      one.take("hello");
      two.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"})
  void clients_of_v5_without_an_id_are_told_theirs_and_served_under_it() {
    ConnectSpec spec = ConnectSpec.v5("").durable();
    String first = visit(spec).properties().assigned().clientId();
    String second = visit(spec).properties().assigned().clientId();
    assertThat(first).isNotEmpty().isNotEqualTo(second);
    for (String assigned : List.of(first, second)) {
      Connack again = visit(ConnectSpec.v5(assigned).durable());
      assertThat(again.sessionPresent()).isTrue();
      assertThat(again.properties().assigned().clientId()).isNull();
      visit(ConnectSpec.v5(assigned));
    }
  }

  @Test
  @Spec(v3 = {"MQTT-3.1.3-8", "MQTT-3.1.3-9", "MQTT-3.2.2-4", "MQTT-3.2.2-5"})
  void a_client_of_3_1_1_without_an_id_and_a_clean_session_is_refused() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      Connack connack = client.connect(ConnectSpec.v3("").durable());
      assertThat(connack.reason().connackReturnCode()).isEqualTo(2);
      assertThat(connack.sessionPresent()).isFalse();
      client.expectEnd();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-9", v5 = "MQTT-3.1.3-8")
  void a_client_id_that_is_not_taken_is_told_so_and_closed(ProtocolVersion version) {
    String longer = "x".repeat(PacketLimits.DEFAULTS.clientIdBytesMax() + 1);
    try (RawClient client = RawClient.open(broker.port(), version)) {
      assertThat(client.connect(ConnectSpec.of(version, longer)).reason())
          .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      client.expectEnd();
    }
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.4-4", "MQTT-3.2.0-1"},
      v5 = {"MQTT-3.1.4-5", "MQTT-3.2.0-1", "MQTT-3.2.0-2"})
  void connack_comes_first_and_once(ProtocolVersion version) {
    try (RawClient client = RawClient.open(broker.port(), version)) {
      client.sendTogether(
          new Connect(ConnectSpec.of(version, "first").request()),
          Pingreq.INSTANCE,
          Pingreq.INSTANCE);
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      client.expect(Pingresp.class);
      client.expect(Pingresp.class);
      client.disconnect();
    }
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5"},
      v5 = {"MQTT-3.1.4-2", "MQTT-3.1.4-6", "MQTT-3.2.2-6", "MQTT-3.2.2-7"})
  void after_a_refusal_nothing_is_handled(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "refused").durable();
    visit(spec);
    try (RawClient watcher = broker.connect(ConnectSpec.v5("watcher"));
        RawClient eve = RawClient.open(broker.port(), version)) {
      watcher.subscribe("eve", Qos.AT_MOST_ONCE);
      eve.sendTogether(
          new Connect(spec.userName("eve").request()),
          RawClient.publish("eve", "said", Qos.AT_LEAST_ONCE, 1, true),
          Pingreq.INSTANCE);
      Connack connack = eve.expect(Connack.class);
      assertThat(connack.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(connack.sessionPresent()).isFalse();
      eve.expectEnd();
      watcher.subscribe("eve/#", Qos.AT_MOST_ONCE); // nor was anything retained
      watcher.publish("eve", "by the watcher", Qos.AT_MOST_ONCE);
      watcher.expectPublish("by the watcher");
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.4-2", v5 = "MQTT-3.1.4-3")
  void an_older_connection_of_the_client_is_closed(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "twice");
    try (RawClient old = broker.connect(spec);
        RawClient next = broker.connect(spec)) {
      RawPackets.expectClosed(old, version, ReasonCode.SESSION_TAKEN_OVER);
      next.ping();
    }
  }

  @BothVersions
  @Spec(
      v3 = "MQTT-3.1.2-24",
      v5 = {"MQTT-3.1.2-22", "MQTT-3.2.2-22"})
  void pieces_of_a_packet_do_not_break_the_silence(ProtocolVersion version) {
    ScheduledExecutorService drops = Executors.newSingleThreadScheduledExecutor();
    try (RawClient drip = RawClient.open(broker.port(), version)) {
      Connack connack = drip.connect(ConnectSpec.of(version, "drip").keepAlive(1));
      assertThat(connack.properties().assigned().keepAliveSeconds()).isNull();
      drip.sendHex("30 FF7F"); // 16,383 bytes follow, one by one
      drops.scheduleAtFixedRate(() -> drip.sendHex("00"), 0, 200, TimeUnit.MILLISECONDS);
      RawPackets.expectClosed(drip, version, ReasonCode.KEEP_ALIVE_TIMEOUT);
    } finally {
      drops.shutdownNow();
    }
  }
}
