package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static dev.limpet.broker.spec.RawPackets.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** UNSUBSCRIBE, UNSUBACK and PINGREQ: sections 3.10 to 3.13 of both specifications. */
class UnsubscribeStatementsTest extends PublisherFixture {
  private static final int UNSUBSCRIBE = 0xA2;

  private static String unsubscribe(ProtocolVersion version, int firstByte, String payload) {
    return RawPackets.packet(version, firstByte, "0001", "", payload);
  }

  private static Unsuback unsubscribe(RawClient client, int packetId, String... filters) {
    client.send(new Unsubscribe(packetId, List.of(filters), List.of()));
    return client.expect(Unsuback.class);
  }

  @BothVersions
  @Spec(v5 = "MQTT-3.10.1-1", v3 = "MQTT-3.10.1-1")
  void an_unsubscribe_with_other_flags_than_0010_closes_the_connection(ProtocolVersion version) {
    for (int flags = 0; flags < 16; flags++) {
      try (RawClient client = client(version)) {
        client.sendHex(unsubscribe(version, 0xA0 | flags, string("f")));
        if (0xA0 + flags == UNSUBSCRIBE) {
          client.expect(Unsuback.class);
        } else {
          expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.3-1", v3 = "MQTT-3.10.3-1")
  void a_filter_that_is_not_utf8_closes_the_connection(ProtocolVersion version) {
    for (String bad : List.of("0001 FF", "0003 EDA080", "0002 C0AF", "0001 00")) {
      try (RawClient client = client(version)) {
        client.sendHex(unsubscribe(version, UNSUBSCRIBE, string("good") + bad));
        expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.3-2", v3 = "MQTT-3.10.3-2")
  void an_unsubscribe_without_a_filter_closes_the_connection(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.sendHex(unsubscribe(version, UNSUBSCRIBE, ""));
      expectClosed(client, version, ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.4-1", v3 = "MQTT-3.10.4-1")
  void only_the_very_same_filter_ends_a_subscription(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.subscribe("exact/+", Qos.AT_LEAST_ONCE);
      unsubscribe(client, 2, "exact/#", "exact/a", "Exact/+", "exact/+/", "/exact/+", "#", "+/+");
      publisher.publish("exact/a", "still here");
      client.take("still here");
      unsubscribe(client, 3, "exact/+");
      assertThat(publisher.publish("exact/a", "gone"))
          .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      client.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.4-2", v3 = "MQTT-3.10.4-2")
  void after_unsuback_no_new_message_of_the_filter_comes(ProtocolVersion version) {
    for (boolean durable : new boolean[] {false, true}) {
      ConnectSpec spec = ConnectSpec.of(version, "stop-" + version + durable);
      try (RawClient client = broker.connect(durable ? spec.durable() : spec)) {
        client.subscribe("stop/#", Qos.EXACTLY_ONCE);
        client.subscribe("go", Qos.AT_LEAST_ONCE);
        unsubscribe(client, 5, "stop/#");
        for (Qos qos : Qos.values()) {
          publisher.publish("stop/x", "unwanted", qos);
        }
        publisher.publish("go", "wanted");
        client.take("wanted");
        client.ping();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.4-3", v3 = "MQTT-3.10.4-3")
  void what_was_sent_before_unsubscribe_is_seen_through(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "through-" + version).durable();
    int once;
    int twice;
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("through", Qos.EXACTLY_ONCE);
      publisher.publish("through", "one", Qos.AT_LEAST_ONCE);
      publisher.publish("through", "two", Qos.EXACTLY_ONCE);
      once = client.expectPublish("one").packetId();
      twice = client.expectPublish("two").packetId();
      unsubscribe(client, 6, "through");
      client.ack(PacketType.PUBREC, twice);
      client.expectAck(PacketType.PUBREL, twice);
    }
    broker.awaitConnections(1);
    try (RawClient back = broker.connect(spec)) {
      back.expectAck(PacketType.PUBREL, twice);
      back.ack(PacketType.PUBCOMP, twice);
      Publish again = back.take("one");
      assertThat(again.packetId()).isEqualTo(once);
      back.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v5 = {"MQTT-3.10.4-4", "MQTT-3.10.4-5"},
      v3 = {"MQTT-3.10.4-4", "MQTT-3.10.4-5"})
  void an_unsubscribe_is_answered_with_its_packet_id_also_when_nothing_ends(
      ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.subscribe("there", Qos.AT_MOST_ONCE);
      assertThat(unsubscribe(client, 0x1234, "there").packetId()).isEqualTo(0x1234);
      assertThat(unsubscribe(client, 0x1234, "there").packetId()).isEqualTo(0x1234);
      assertThat(unsubscribe(client, 65_535, "never/there").packetId()).isEqualTo(65_535);
      client.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.10.4-6", v3 = "MQTT-3.10.4-6")
  void several_filters_count_like_several_unsubscribes_with_one_answer(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.subscribe("several/a", Qos.AT_LEAST_ONCE);
      client.subscribe("several/b", Qos.AT_LEAST_ONCE);
      client.subscribe("several/c", Qos.AT_LEAST_ONCE);
      unsubscribe(client, 8, "several/a", "no/such", "several/c", "several/a");
      publisher.publish("several/a", "a");
      publisher.publish("several/b", "b");
      publisher.publish("several/c", "c");
      client.take("b");
      client.ping(); // neither a second UNSUBACK nor a publication
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.11.3-1", "MQTT-3.11.3-2"})
  void unsuback_says_in_order_what_became_of_each_filter() {
    try (RawClient client = client(ProtocolVersion.V5)) {
      client.subscribe("u/2", Qos.AT_LEAST_ONCE);
      client.subscribe("u/4", Qos.AT_LEAST_ONCE);
      assertThat(unsubscribe(client, 9, "u/1", "u/2", "u/#/3", "u/4").reasons())
          .containsExactly(
              ReasonCode.NO_SUBSCRIPTION_EXISTED,
              ReasonCode.SUCCESS,
              ReasonCode.TOPIC_FILTER_INVALID,
              ReasonCode.SUCCESS);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.12.4-1", v3 = "MQTT-3.12.4-1")
  void every_pingreq_gets_its_pingresp(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.sendTogether(Pingreq.INSTANCE, Pingreq.INSTANCE, Pingreq.INSTANCE);
      for (int i = 0; i < 3; i++) {
        client.expect(Pingresp.class);
      }
    }
  }
}
