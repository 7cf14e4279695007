package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static dev.limpet.broker.spec.RawPackets.packet;
import static dev.limpet.broker.spec.RawPackets.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketEncoder;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings, numbers, fixed headers and packet ids: chapters 1 and 2 of both specifications. */
class FormatStatementsTest extends SharedBrokerFixture {
  private static final int PUBLISH = 0x30;

  private void costsTheConnection(ProtocolVersion version, String hex, ReasonCode reason) {
    try (RawClient client = client(version)) {
      client.sendHex(hex);
      expectClosed(client, version, reason);
    }
  }

  @ParameterizedTest(name = "{1} {0}")
  @CsvSource({
    "V3_1_1, EDA080", "V3_1_1, EDBFBF", "V3_1_1, C3", "V3_1_1, C080", "V3_1_1, F4908080",
    "V5, EDA080", "V5, EDBFBF", "V5, C3", "V5, C080", "V5, F4908080",
  })
  @Spec(
      v3 = {"MQTT-1.5.3-1", "MQTT-3.3.2-1"},
      v5 = {"MQTT-1.5.4-1", "MQTT-3.3.2-1"})
  void text_that_is_not_utf8_costs_the_connection(ProtocolVersion version, String octets) {
    String topic = "%04x".formatted(octets.length() / 2) + octets;
    costsTheConnection(
        version, packet(version, PUBLISH, topic, "", ""), ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(v3 = "MQTT-1.5.3-2", v5 = "MQTT-1.5.4-2")
  void a_null_character_costs_the_connection(ProtocolVersion version) {
    costsTheConnection(
        version, packet(version, PUBLISH, string("a\0b"), "", ""), ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(v3 = "MQTT-1.5.3-3", v5 = "MQTT-1.5.4-3")
  void a_zero_width_no_break_space_stays_where_it_is(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.subscribe("\uFEFFbom/#", Qos.AT_MOST_ONCE);
      client.send(RawClient.publish("bom/\uFEFF", "without", Qos.AT_MOST_ONCE, 0));
      client.send(RawClient.publish("\uFEFFbom/\uFEFF", "with", Qos.AT_MOST_ONCE, 0));
      assertThat(client.expectPublish("with").topic()).hasToString("\uFEFFbom/\uFEFF");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C0 8000", "30 05 0001 61 8000"})
  @Spec(v5 = "MQTT-1.5.5-1")
  void a_number_in_more_bytes_than_it_needs_costs_the_connection(String hex) {
    costsTheConnection(ProtocolVersion.V5, hex, ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @CsvSource({"127, 1", "128, 2", "16383, 2", "16384, 3", "2097151, 3", "2097152, 4"})
  @Spec(v5 = "MQTT-1.5.5-1")
  void a_number_is_written_in_as_few_bytes_as_it_needs(int remainingLength, int bytes) {
    String payload = "x".repeat(remainingLength - 4); // behind topic and properties
    ByteBuf out = Unpooled.buffer();
    new PacketEncoder(ProtocolVersion.V5)
        .write(out, RawClient.publish("t", payload, Qos.AT_MOST_ONCE, 0));
    assertThat(out.readableBytes()).isEqualTo(1 + bytes + remainingLength);
    assertThat(out.getByte(bytes)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"26 0001 FF 0001 61", "26 0001 61 0001 FF", "26 0001 00 0001 61"})
  @Spec(v5 = "MQTT-1.5.7-1")
  void both_halves_of_a_string_pair_are_strings(String pair) {
    costsTheConnection(
        ProtocolVersion.V5,
        packet(ProtocolVersion.V5, PUBLISH, string("t"), pair, ""),
        ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "V3_1_1, 41 02 0001", "V3_1_1, 51 02 0001", "V3_1_1, 60 02 0001", "V3_1_1, 63 02 0001",
    "V3_1_1, 78 02 0001", "V3_1_1, C1 00", "V3_1_1, E2 00", "V3_1_1, A0 05 0001 0001 61",
    "V5, 41 02 0001", "V5, 54 02 0001", "V5, 60 02 0001", "V5, 63 02 0001",
    "V5, 78 02 0001", "V5, C1 00", "V5, E2 00", "V5, A0 06 0001 00 0001 61",
  })
  @Spec(
      v3 = {"MQTT-2.2.2-1", "MQTT-2.2.2-2"},
      v5 = "MQTT-2.1.3-1")
  void a_reserved_flag_costs_the_connection(ProtocolVersion version, String hex) {
    costsTheConnection(version, hex, ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-2.2.2-1", "MQTT-2.2.2-2"},
      v5 = "MQTT-2.1.3-1")
  void a_reserved_flag_of_connect_costs_the_connection(ProtocolVersion version) {
    try (RawClient client = RawClient.open(broker.port(), version)) {
      client.sendHex("11" + ConnectBytes.of(version).hex().substring(2));
      client.expectEnd();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-2.3.1-1", v5 = "MQTT-2.2.1-3")
  void packet_id_0_costs_the_connection(ProtocolVersion version) {
    String filter = RawPackets.filter("t", 1);
    for (String hex :
        List.of(
            packet(version, 0x32, string("t") + "0000", "", "61"),
            packet(version, 0x34, string("t") + "0000", "", "61"),
            packet(version, 0x82, "0000", "", filter),
            packet(version, 0xA2, "0000", "", string("t")))) {
      costsTheConnection(version, hex, ReasonCode.PROTOCOL_ERROR);
    }
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-2.3.1-4", "MQTT-3.3.1-1"},
      v5 = {"MQTT-2.2.1-4", "MQTT-3.3.1-1"})
  void deliveries_have_unused_packet_ids_and_keep_them_when_sent_again(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "durable-" + version).durable();
    Map<String, Integer> ids = new HashMap<>();
    try (RawClient subscriber = broker.connect(spec);
        RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      subscriber.subscribe("ids", Qos.EXACTLY_ONCE);
      for (int i = 0; i < 40; i++) {
        publisher.publish("ids", "m" + i, i % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE);
        Publish got = subscriber.expectPublish("m" + i);
        assertThat(got.dup()).isFalse();
        ids.put("m" + i, got.packetId());
      }
      assertThat(ids.values()).doesNotHaveDuplicates().doesNotContain(0);
    }
    broker.awaitConnections(0);
    try (RawClient subscriber = broker.connect(spec)) {
      for (int i = 0; i < 40; i++) {
        Publish again = subscriber.expectPublish("m" + i);
        assertThat(again.dup()).isTrue();
        assertThat(again.packetId()).isEqualTo(ids.get("m" + i));
      }
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-2.3.1-5", v5 = "MQTT-2.2.1-2")
  void at_qos_0_there_is_no_packet_id(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.subscribe("zero", Qos.EXACTLY_ONCE);
      client.sendHex(packet(version, PUBLISH, string("zero"), "", "3132 3334"));
      Publish got = client.expectPublish("1234");
      assertThat(got.qos()).isEqualTo(Qos.AT_MOST_ONCE);
      assertThat(got.packetId()).isZero();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-2.3.1-6", v5 = "MQTT-2.2.1-5")
  void acknowledgements_have_the_id_of_their_publish(ProtocolVersion version) {
    try (RawClient client = client(version);
        RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      client.subscribe("acks", Qos.EXACTLY_ONCE);
      publisher.send(RawClient.publish("acks", "1", Qos.AT_LEAST_ONCE, 40_000));
      publisher.expectAck(PacketType.PUBACK, 40_000);
      client.take("1");
      publisher.send(RawClient.publish("acks", "2", Qos.EXACTLY_ONCE, 65_535));
      publisher.expectAck(PacketType.PUBREC, 65_535);
      publisher.ack(PacketType.PUBREL, 65_535);
      publisher.expectAck(PacketType.PUBCOMP, 65_535);
      int packetId = client.expectPublish("2").packetId();
      client.ack(PacketType.PUBREC, packetId);
      client.expectAck(PacketType.PUBREL, packetId);
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-2.3.1-7", v5 = "MQTT-2.2.1-6")
  void suback_and_unsuback_have_the_id_of_what_they_answer(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      SubscribeRequest request = SubscribeRequest.plain("t", Qos.AT_MOST_ONCE);
      client.send(new Subscribe(50_000, 0, List.of(request), List.of()));
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(50_000);
      client.send(new Unsubscribe(3, List.of("t"), List.of()));
      assertThat(client.expect(Unsuback.class).packetId()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"30 03 0001 61", "82 02 0001", "32 05 0001 61 0001"})
  @Spec(v5 = "MQTT-2.2.2-1")
  void a_packet_that_ends_before_its_property_length_costs_the_connection(String hex) {
    costsTheConnection(ProtocolVersion.V5, hex, ReasonCode.MALFORMED_PACKET);
  }
}
