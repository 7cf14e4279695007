package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PUBACK, PUBREC, PUBREL and PUBCOMP: sections 3.4 to 3.7 of both specifications. What the broker
 * answers is read by a decoder that refuses reason codes a packet does not have.
 */
class AcknowledgementStatementsTest extends SharedBrokerFixture {
  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().authorizer(new Forbidding("not/mine"));
  }

  private RawClient client() {
    return broker.connect(ConnectSpec.v5("client"));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.6.1-1", v5 = "MQTT-3.6.1-1")
  void pubrel_has_its_flags_or_costs_the_connection(ProtocolVersion version) {
    for (int flags = 0; flags < 16; flags++) {
      if (flags != 2) {
        try (RawClient client = broker.connect(ConnectSpec.of(version, "client"))) {
          client.send(RawClient.publish("t", "x", Qos.EXACTLY_ONCE, 1));
          client.expectAck(PacketType.PUBREC, 1);
          client.sendHex("6%x 02 0001".formatted(flags));
          expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
        }
      }
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.4.2-1", "MQTT-3.5.2-1"})
  void puback_and_pubrec_say_what_became_of_the_publication() {
    try (RawClient client = client()) {
      assertThat(client.publish("nobody", "x")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      assertThat(client.publish("not/mine", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      client.send(RawClient.publish("nobody", "x", Qos.EXACTLY_ONCE, 7));
      assertThat(client.expectAck(PacketType.PUBREC, 7).reason())
          .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      client.send(RawClient.publish("not/mine", "x", Qos.EXACTLY_ONCE, 8));
      assertThat(client.expectAck(PacketType.PUBREC, 8).reason())
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.6.2-1", "MQTT-3.7.2-1"})
  void pubrel_and_pubcomp_say_whether_the_packet_id_is_known() {
    try (RawClient client = client()) {
      client.ack(PacketType.PUBREC, 99);
      assertThat(client.expectAck(PacketType.PUBREL, 99).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      client.ack(PacketType.PUBREL, 98);
      assertThat(client.expectAck(PacketType.PUBCOMP, 98).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      client.send(RawClient.publish("t", "x", Qos.EXACTLY_ONCE, 97));
      client.expectAck(PacketType.PUBREC, 97);
      client.ack(PacketType.PUBREL, 97);
      assertThat(client.expectAck(PacketType.PUBCOMP, 97).reason()).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x11, 0x81, 0x92, 0xFF})
  @Spec(v5 = {"MQTT-3.4.2-1", "MQTT-3.5.2-1"})
  void a_reason_puback_and_pubrec_do_not_have_costs_the_connection(int code) {
    for (String type : new String[] {"40", "50"}) {
      refused(type + "03 0001 %02x".formatted(code));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x80, 0x91, 0xFF})
  @Spec(v5 = {"MQTT-3.6.2-1", "MQTT-3.7.2-1"})
  void a_reason_pubrel_and_pubcomp_do_not_have_costs_the_connection(int code) {
    for (String type : new String[] {"62", "70"}) {
      refused(type + "03 0001 %02x".formatted(code));
    }
  }

  private void refused(String hex) {
    try (RawClient client = client()) {
      client.sendHex(hex);
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  @Spec(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
  void what_is_too_large_for_the_client_counts_as_delivered(boolean durable) {
    ConnectSpec spec = ConnectSpec.v5("narrow").maximumPacketBytes(60).receiveMaximum(1);
    ConnectSpec narrow = durable ? spec.durable() : spec;
    try (RawClient subscriber = broker.connect(narrow);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      subscriber.subscribe("wide", Qos.EXACTLY_ONCE);
      for (Qos qos : Qos.values()) {
        publisher.publish("wide", "x".repeat(50), qos); // 59 bytes and more
        publisher.publish("wide", "x".repeat(100), qos);
        publisher.publish("wide", "fits " + qos, qos);
      }
      for (Qos qos : Qos.values()) {
        if (qos == Qos.AT_MOST_ONCE) {
          subscriber.take("x".repeat(50));
        }
        Publish got = subscriber.take("fits " + qos);
        assertThat(got.qos()).isEqualTo(qos);
      }
      subscriber.ping();
    }
  }
}
