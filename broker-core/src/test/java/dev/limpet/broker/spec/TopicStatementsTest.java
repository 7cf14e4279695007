package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static dev.limpet.broker.spec.RawPackets.filter;
import static dev.limpet.broker.spec.RawPackets.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Topic names and filters: section 4.7 of both specifications. */
class TopicStatementsTest extends SharedBrokerFixture {
  private void granted(ProtocolVersion version, String... filters) {
    try (RawClient client = client(version)) {
      for (String text : filters) {
        assertThat(client.subscribe(text, Qos.AT_LEAST_ONCE))
            .as(text)
            .containsExactly(ReasonCode.GRANTED_QOS_1);
      }
    }
  }

  private void refused(ProtocolVersion version, String... filters) {
    ReasonCode reason =
        switch (version) {
          case V3_1 -> ReasonCode.SUCCESS; // it has no code for a refusal
          case V3_1_1 -> ReasonCode.UNSPECIFIED_ERROR;
          case V5 -> ReasonCode.TOPIC_FILTER_INVALID;
        };
    try (RawClient client = client(version)) {
      for (String text : filters) {
        assertThat(client.subscribe(text, Qos.AT_LEAST_ONCE)).as(text).containsExactly(reason);
      }
    }
  }

  private void closedByPublish(ProtocolVersion version, String topicHex, ReasonCode why) {
    try (RawClient client = client(version)) {
      client.sendHex(RawPackets.packet(version, 0x30, topicHex, "", "21"));
      expectClosed(client, version, why);
    }
  }

  /** Issue 7, item 14: in either packet, alone or behind good ones, shared or not. */
  private void closedByFilter(ProtocolVersion version, String text) {
    for (String before : List.of("", "good")) {
      String good = before.isEmpty() ? "" : filter(before, 0);
      closedBy(version, RawPackets.subscribe(version, 0x82, good + filter(text, 0)));
      String goodText = before.isEmpty() ? "" : string(before);
      closedBy(version, RawPackets.packet(version, 0xA2, "0002", "", goodText + string(text)));
    }
  }

  private void closedBy(ProtocolVersion version, String hex) {
    try (RawClient client = client(version)) {
      client.sendHex(hex);
      expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.1-1", v5 = "MQTT-4.7.0-1")
  void a_topic_name_with_a_wildcard_closes_the_connection(ProtocolVersion version) {
    for (String topic : List.of("+", "#", "a/+", "a/#", "+/a", "a+", "a#b")) {
      closedByPublish(version, string(topic), ReasonCode.TOPIC_NAME_INVALID);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.1-2", v5 = "MQTT-4.7.1-1")
  void the_multi_level_wildcard_stands_alone_in_the_last_level(ProtocolVersion version) {
    granted(version, "#", "/#", "a/#", "a/b/#", "+/#");
    refused(version, "a#", "#a", "a/#/b", "#/", "a/#b", "a/b#", "##", "#/#");
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.1-3", v5 = "MQTT-4.7.1-2")
  void the_single_level_wildcard_fills_its_level(ProtocolVersion version) {
    granted(version, "+", "+/a", "a/+", "a/+/b", "+/+", "/+", "+/");
    refused(version, "a+", "+a", "a/b+", "a/+b/c", "++", "a/++");
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.2-1", v5 = "MQTT-4.7.2-1")
  void a_first_wildcard_does_not_match_a_topic_that_begins_with_a_dollar_sign(
      ProtocolVersion version) {
    for (ConnectSpec spec :
        List.of(ConnectSpec.of(version, "dollar"), ConnectSpec.of(version, "dollar").durable())) {
      try (RawClient client = broker.connect(spec);
          RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
        int packetId = publisher.nextPacketId();
        publisher
            .send(RawClient.publish("$data/x", "retained", Qos.AT_LEAST_ONCE, packetId, true))
            .expectAck(PacketType.PUBACK, packetId);
        List.of("#", "+/x", "+/#", "+/+")
            .forEach(text -> client.subscribe(text, Qos.AT_LEAST_ONCE));
        publisher.publish("$data/x", "hidden");
        publisher.publish("$data/x", "hidden", Qos.AT_MOST_ONCE);
        publisher.publish("data/x", "open");
        client.take("open");
        client.ping();
        client.subscribe("$data/+", Qos.AT_LEAST_ONCE);
        client.take("retained");
        publisher.publish("$data/x", "asked for");
        client.take("asked for");
        client.disconnect();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.3-1", v5 = "MQTT-4.7.3-1")
  void names_and_filters_have_at_least_one_character(ProtocolVersion version) {
    closedByPublish(version, "0000", ReasonCode.PROTOCOL_ERROR);
    for (String text : List.of("", "$share/g/", "$share//")) {
      closedByFilter(version, text);
    }
    try (RawClient client = client(version)) {
      client.subscribe("/", Qos.AT_MOST_ONCE);
      client.subscribe(" ", Qos.AT_MOST_ONCE);
      client.publish("/", "slash", Qos.AT_MOST_ONCE);
      client.publish(" ", "blank", Qos.AT_MOST_ONCE);
      assertThat(client.take(2)).containsExactly("slash", "blank");
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.3-2", v5 = "MQTT-4.7.3-2")
  void names_and_filters_with_u_0000_close_the_connection(ProtocolVersion version) {
    closedByPublish(version, string("a\0b"), ReasonCode.MALFORMED_PACKET);
    try (RawClient client = client(version)) {
      client.sendHex(RawPackets.subscribe(version, 0x82, filter("a/\0", 0)));
      expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.3-4", v5 = "MQTT-4.7.3-4")
  void topics_that_look_alike_are_not_the_same(ProtocolVersion version) {
    List<String> alike =
        List.of(
            "like/a",
            "like/A",
            "Like/a",
            "/like/a",
            "like/a/",
            "like//a",
            "like/./a",
            "like/a ",
            "like/%61",
            "like/\u00E9",
            "like/e\u0301",
            "like/\uFEFFa",
            "like/\u200Ba",
            "like\\a");
    SubscribeRequest[] requests =
        alike.stream()
            .map(text -> SubscribeRequest.plain(text, Qos.AT_MOST_ONCE))
            .toArray(SubscribeRequest[]::new);
    try (RawClient client = client(version)) {
      client.subscribe(0, requests);
      List<String> got = new ArrayList<>();
      for (String topic : alike) {
        client.publish(topic, topic, Qos.AT_MOST_ONCE);
        got.addAll(client.take(1));
        client.ping(); // one copy, so one match
      }
      assertThat(got).isEqualTo(alike);
    }
    for (String text : alike) {
      try (RawClient client = client(version)) {
        client.subscribe(text, Qos.AT_MOST_ONCE);
        alike.forEach(topic -> client.publish(topic, topic, Qos.AT_MOST_ONCE));
        client.take(text);
        client.ping();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.7.3-4", v5 = "MQTT-4.7.3-4")
  void a_filter_that_is_refused_is_not_mended(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.sendHex(RawPackets.subscribe(version, 0x82, filter("mend/#/", 0)));
      assertThat(client.expect(Suback.class).reasons())
          .hasSize(1)
          .allMatch(reason -> reason.isError() || version == ProtocolVersion.V3_1);
      client.publish("mend/x", "unheard", Qos.AT_MOST_ONCE);
      client.ping();
    }
  }
}
