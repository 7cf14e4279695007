package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever sends what may not be sent loses its connection, for the right reason. */
class BadInputTest {
  private static final int PACKET_BYTES_MAX = 10_000;
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static TestBroker broker;

  @BeforeAll
  static void start() {
    ConnectionOptions connection =
        ConnectionOptions.builder()
            .packetBytesMax(PACKET_BYTES_MAX)
            .connectTimeoutMillis(CONNECT_MILLIS_MAX)
            .topicAliasMaximum(4)
            .build();
    BrokerOptions options = BrokerOptions.builder().connection(connection).retainedMax(10).build();
    broker = new TestBroker.Setup().options(options).start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void nothing_is_left() {
    broker.awaitConnections(0);
    assertThat(broker.isKnown("bad")).isFalse();
  }

  @Test
  @Spec(v3 = "MQTT-3.1.0-2", v5 = "MQTT-3.1.0-2")
  void a_second_connect_is_a_protocol_error() {
    try (RawClient client = broker.connect(ConnectSpec.v5("bad"))) {
      client.send(new Connect(ConnectSpec.v5("bad").request()));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
    try (RawClient client = broker.connect(ConnectSpec.v3("bad"))) {
      client.send(new Connect(ConnectSpec.v3("bad").request()));
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-3.1.0-1", v5 = "MQTT-3.1.0-1")
  void a_first_packet_that_is_not_connect_gets_no_answer(ProtocolVersion version) {
    try (RawClient client = RawClient.open(broker.port(), version)) {
      client.send(RawClient.publish("t", "x", Qos.AT_MOST_ONCE, 0));
      client.expectEnd();
    }
    try (RawClient http = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      http.sendHex("474554202f20485454502f312e310d0a0d0a"); // GET / HTTP/1.1
      http.expectEnd();
    }
  }

  @Test
  @Spec(v3 = "MQTT-3.1.2-2", v5 = "MQTT-3.1.2-2")
  void an_unknown_protocol_level_is_told_so() {
    try (RawClient later = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      later.sendHex("10 0E 0004 4D515454 06 02 003C 00 0001 61");
      assertThat(later.expect(Connack.class).reason())
          .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
      later.expectEnd();
    }
    try (RawClient earlier = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      earlier.sendHex("10 0D 0004 4D515454 02 02 003C 0001 61");
      assertThat(earlier.expect(Connack.class).reason())
          .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
      earlier.expectEnd();
    }
  }

  @Test
  @Spec(
      v3 = {"MQTT-3.1.2-3", "MQTT-3.1.4-1", "MQTT-3.2.2-6"},
      v5 = {"MQTT-3.1.2-3", "MQTT-3.1.4-1"})
  void a_malformed_connect_of_v5_is_told_so_and_of_v3_closed() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendHex("10 0E 0004 4D515454 05 03 003C 00 0001 61"); // reserved flag
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.MALFORMED_PACKET);
      client.expectEnd();
    }
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      client.sendHex("10 0D 0004 4D515454 04 03 003C 0001 61");
      client.expectEnd();
    }
  }

  @Test
  void malformed_bytes_close_with_0x81() {
    double before = broker.count("limpet.connections.protocol.errors");
    try (RawClient client = broker.connect(ConnectSpec.v5("bad"))) {
      client.sendHex("82 05 0001 00 0000"); // SUBSCRIBE with half a filter
      client.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    }
    try (RawClient client = broker.connect(ConnectSpec.v3("bad"))) {
      client.sendHex("36 05 0001 61 0001"); // QoS 3
      client.expectEnd();
    }
    assertThat(broker.count("limpet.connections.protocol.errors")).isEqualTo(before + 2);
  }

  @Test
  @Spec(v5 = "MQTT-3.2.2-15")
  void a_packet_that_is_too_large_closes_with_0x95() {
    try (RawClient client = broker.connect(ConnectSpec.v5("bad"))) {
      client.publish("t", "x".repeat(PACKET_BYTES_MAX - 50));
      client.sendHex("30 FF FF FF 7F"); // says 268 MB, sends nothing of it
      client.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  @Test
  void packets_only_servers_send_are_protocol_errors() {
    try (RawClient client = broker.connect(ConnectSpec.v5("bad"))) {
      client.sendHex("D0 00");
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void an_empty_client_id_is_assigned_or_refused() {
    try (RawClient v5 = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      Connack connack = v5.connect(ConnectSpec.v5(""));
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.properties().assigned().clientId()).startsWith("limpet-");
      v5.disconnect();
    }
    try (RawClient clean = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      assertThat(clean.connect(ConnectSpec.v3("")).reason()).isEqualTo(ReasonCode.SUCCESS);
      clean.disconnect();
    }
    try (RawClient durable = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      assertThat(durable.connect(ConnectSpec.v3("").durable()).reason())
          .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      durable.expectEnd();
    }
  }

  @Test
  void an_authentication_method_nobody_knows_is_refused() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      ConnectSpec spec = ConnectSpec.v5("bad").authenticationMethod("SCRAM");
      assertThat(client.connect(spec).reason()).isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void packets_sent_behind_connect_are_handled_after_it(ProtocolVersion version) {
    try (RawClient client = RawClient.open(broker.port(), version)) {
      client.sendTogether(
          new Connect(ConnectSpec.of(version, "eager").request()),
          new Subscribe(1, 0, List.of(SubscribeRequest.plain("e", Qos.AT_MOST_ONCE)), List.of()),
          RawClient.publish("e", "me", Qos.AT_LEAST_ONCE, 2),
          dev.limpet.broker.connection.codec.Packet.Pingreq.INSTANCE);
      client.expect(Connack.class);
      client.expect(Suback.class);
      client.expectPublish("me");
      client.expectAck(PacketType.PUBACK, 2);
      client.expect(Pingresp.class);
      client.disconnect();
    }
  }

  @Test
  void a_connect_with_its_goodbye_in_one_segment_leaves_nothing() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendTogether(
          new Connect(ConnectSpec.v5("bad").will("w", "never", 0).request()),
          Disconnect.of(ReasonCode.SUCCESS));
      client.expect(Connack.class);
      client.expectEnd();
    }
  }

  @Test
  void packets_may_come_byte_by_byte() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      for (String octet : "10 0D 00 04 4D 51 54 54 04 02 00 3C 00 01 62".split(" ", -1)) {
        client.sendHex(octet);
      }
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      client.disconnect();
    }
  }

  @Test
  void a_socket_without_connect_is_closed_after_a_while() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendHex("10 0E 0004");
      client.expectEnd();
    }
  }

  @Test
  @Spec(v3 = "MQTT-3.1.2-24", v5 = "MQTT-3.1.2-22")
  void silence_longer_than_one_and_a_half_keep_alives_closes_with_0x8d() {
    try (RawClient silent = broker.connect(ConnectSpec.v5("bad").keepAlive(1));
        RawClient v3 = broker.connect(ConnectSpec.v3("bad3").keepAlive(1));
        RawClient unlimited = broker.connect(ConnectSpec.v5("unlimited").keepAlive(0))) {
      silent.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
      v3.expectEnd();
      unlimited.ping();
    }
  }

  @Test
  void a_client_whose_maximum_has_no_room_for_connack_is_closed() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(ConnectSpec.v5("bad").maximumPacketBytes(3).request()));
      client.expectEnd();
    }
  }

  @Test
  void a_publish_with_a_wildcard_costs_the_connection() {
    try (RawClient client = broker.connect(ConnectSpec.v5("bad"))) {
      client.sendHex("30 06 0003 612F2B 00"); // a/+
      assertThat(client.expect(Disconnect.class).reason()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
      client.expectEnd();
    }
  }

  @Test
  void what_one_sends_costs_nobody_else_anything() {
    try (RawClient good = broker.connect(ConnectSpec.v5("good"));
        RawClient bad = broker.connect(ConnectSpec.v5("bad"))) {
      good.subscribe("g", Qos.AT_LEAST_ONCE);
      bad.sendHex("30 06 0001 67 00 31 32 00 00 00 00"); // one good PUBLISH, then garbage
      bad.expectDisconnect(ReasonCode.MALFORMED_PACKET);
      Publish got = good.expectPublish("12");
      assertThat(got.qos()).isEqualTo(Qos.AT_MOST_ONCE);
      good.ping();
    }
  }
}
