package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static dev.limpet.broker.spec.RawPackets.packet;
import static dev.limpet.broker.spec.RawPackets.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH but for retained messages: section 3.3 of both specifications. */
class PublishStatementsTest extends SharedBrokerFixture {
  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().authorizer(new Forbidding("not/mine"));
  }

  private RawClient publisher(ProtocolVersion version) {
    return broker.connect(ConnectSpec.of(version, "publisher"));
  }

  private static Publish aliased(@Nullable String topic, int alias) {
    return new Publish(
        topic == null ? null : TopicName.of(topic),
        alias,
        Buffer.buffer("aliased"),
        PublishFlags.of(Qos.AT_MOST_ONCE, false, false),
        0,
        Publish.NO_EXPIRY,
        PublicationProperties.NONE,
        List.of());
  }

  private void costsTheConnection(ProtocolVersion version, String hex, ReasonCode reason) {
    try (RawClient client = client(version)) {
      client.sendHex(hex);
      expectClosed(client, version, reason);
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-2", v5 = "MQTT-3.3.1-2")
  void qos_0_never_has_dup(ProtocolVersion version) {
    costsTheConnection(
        version, packet(version, 0x38, string("t"), "", "61"), ReasonCode.PROTOCOL_ERROR);
    try (RawClient subscriber = client(version);
        RawClient publisher = publisher(version)) {
      subscriber.subscribe("dup", Qos.AT_MOST_ONCE);
      publisher.sendHex(packet(version, 0x3A, string("dup") + "0001", "", "61"));
      assertThat(subscriber.expectPublish("a").dup()).isFalse();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-3", v5 = "MQTT-3.3.1-3")
  void dup_goes_no_further(ProtocolVersion version) {
    try (RawClient subscriber = client(version);
        RawClient publisher = publisher(version)) {
      subscriber.subscribe("dup", Qos.EXACTLY_ONCE);
      publisher.sendHex(packet(version, 0x3A, string("dup") + "0001", "", "61"));
      publisher.expectAck(PacketType.PUBACK, 1);
      publisher.sendHex(packet(version, 0x3C, string("dup") + "0002", "", "62"));
      publisher.expectAck(PacketType.PUBREC, 2);
      assertThat(subscriber.take("a").dup()).isFalse();
      assertThat(subscriber.take("b").dup()).isFalse();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-4", v5 = "MQTT-3.3.1-4")
  void there_is_no_qos_3(ProtocolVersion version) {
    costsTheConnection(
        version,
        packet(version, 0x36, string("t") + "0001", "", "61"),
        ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.2-1", v5 = "MQTT-3.3.2-1")
  void the_topic_name_comes_first_and_is_whole(ProtocolVersion version) {
    costsTheConnection(version, "30 03 0005 61", ReasonCode.MALFORMED_PACKET);
    costsTheConnection(version, "30 01 00", ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.2-2", v5 = "MQTT-3.3.2-2")
  void a_topic_name_has_no_wildcards(ProtocolVersion version) {
    for (String topic : List.of("a/+", "#", "a/b#", "+")) {
      costsTheConnection(
          version, packet(version, 0x30, string(topic), "", "61"), ReasonCode.TOPIC_NAME_INVALID);
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.2-3", v5 = "MQTT-3.3.2-3")
  void a_subscriber_gets_topics_its_filter_matches(ProtocolVersion version) {
    try (RawClient subscriber = client(version);
        RawClient publisher = publisher(version)) {
      subscriber.subscribe("m/+/z", Qos.AT_LEAST_ONCE);
      for (String topic : List.of("m/a/z", "m/z", "m/a/b/z", "M/a/z", "m//z", "m/a/z/")) {
        publisher.publish(topic, topic);
      }
      assertThat(subscriber.take("m/a/z").topic()).hasToString("m/a/z");
      assertThat(subscriber.take("m//z").topic()).hasToString("m//z");
      subscriber.ping();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.4-1", v5 = "MQTT-3.3.4-1")
  void a_publish_is_answered_as_its_qos_asks(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.send(RawClient.publish("t", "0", Qos.AT_MOST_ONCE, 0));
      client.ping();
      client.send(RawClient.publish("t", "1", Qos.AT_LEAST_ONCE, 11));
      client.expectAck(PacketType.PUBACK, 11);
      client.send(RawClient.publish("t", "2", Qos.EXACTLY_ONCE, 12));
      client.expectAck(PacketType.PUBREC, 12);
      client.ping();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.5-1", v5 = "MQTT-3.3.4-2")
  void overlapping_subscriptions_deliver_at_the_highest_qos(ProtocolVersion version) {
    try (RawClient subscriber = client(version);
        RawClient publisher = publisher(version)) {
      subscriber.subscribe("over/#", Qos.AT_MOST_ONCE);
      subscriber.subscribe("over/lap", Qos.EXACTLY_ONCE);
      subscriber.subscribe("over/+", Qos.AT_LEAST_ONCE);
      publisher.publish("over/lap", "m", Qos.EXACTLY_ONCE);
      assertThat(subscriber.take("m").qos()).isEqualTo(Qos.EXACTLY_ONCE);
      subscriber.ping();
    }
  }

  @Test
  @Spec(v3 = "MQTT-3.3.5-2")
  void a_3_1_1_client_is_not_told_that_it_may_not_publish() {
    try (RawClient subscriber = client(ProtocolVersion.V5);
        RawClient publisher = publisher(ProtocolVersion.V3_1_1)) {
      subscriber.subscribe("#", Qos.AT_MOST_ONCE);
      publisher.publish("not/mine", "1", Qos.AT_LEAST_ONCE);
      publisher.publish("not/mine", "2", Qos.EXACTLY_ONCE);
      publisher.publish("mine", "3", Qos.AT_LEAST_ONCE);
      subscriber.expectPublish("3");
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.3.4-5")
  void copies_of_a_shared_and_a_plain_subscription_have_their_own_identifiers() {
    try (RawClient subscriber = client(ProtocolVersion.V5);
        RawClient publisher = publisher(ProtocolVersion.V5)) {
      subscriber.subscribe(5, SubscribeRequest.plain("$share/g/copies", Qos.AT_LEAST_ONCE));
      subscriber.subscribe(6, SubscribeRequest.plain("copies", Qos.AT_LEAST_ONCE));
      publisher.publish("copies", "m");
      assertThat(List.of(subscriber.take("m"), subscriber.take("m")))
          .extracting(Publish::subscriptionIds)
          .containsExactlyInAnyOrder(List.of(5), List.of(6));
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.3.4-6")
  void a_client_sends_no_subscription_identifier() {
    costsTheConnection(
        ProtocolVersion.V5,
        packet(ProtocolVersion.V5, 0x30, string("t"), "0B01", "61"),
        ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Spec(v5 = "MQTT-3.3.2-7")
  void topic_aliases_end_with_their_connection() {
    ConnectSpec spec = ConnectSpec.v5("durable").durable();
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("alias", Qos.AT_MOST_ONCE);
      client.send(aliased("alias", 1)).send(aliased(null, 1));
      client.expectPublish("aliased");
      client.expectPublish("aliased");
    }
    try (RawClient client = broker.connect(spec)) {
      client.send(aliased(null, 1));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.3.2-8")
  void there_is_no_topic_alias_0() {
    costsTheConnection(
        ProtocolVersion.V5,
        packet(ProtocolVersion.V5, 0x30, string("t"), "23 0000", "61"),
        ReasonCode.TOPIC_ALIAS_INVALID);
  }

  @Test
  @Spec(v5 = {"MQTT-3.2.2-17", "MQTT-3.3.2-9", "MQTT-3.3.2-12"})
  void each_topic_alias_up_to_the_maximum_is_taken_and_none_above() {
    try (RawClient subscriber = client(ProtocolVersion.V5);
        RawClient publisher = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      subscriber.subscribe("alias/+", Qos.AT_MOST_ONCE);
      Connack connack = publisher.connect(ConnectSpec.v5("publisher"));
      int maximum = connack.properties().limits().topicAliasMaximum();
      assertThat(maximum).isPositive();
      for (int alias = 1; alias <= maximum; alias++) {
        publisher.send(aliased("alias/" + alias, alias));
        assertThat(subscriber.expectPublish("aliased").topic()).hasToString("alias/" + alias);
      }
      for (int alias = maximum; alias > 0; alias--) {
        publisher.send(aliased(null, alias));
        assertThat(subscriber.expectPublish("aliased").topic()).hasToString("alias/" + alias);
      }
      publisher.send(aliased("alias/x", maximum + 1));
      publisher.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @Spec(v5 = {"MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-11"})
  void no_topic_alias_above_the_clients_maximum_is_sent(int maximum) {
    String properties = maximum == 0 ? "" : "22 %04x".formatted(maximum);
    try (RawClient subscriber = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient publisher = publisher(ProtocolVersion.V5)) {
      subscriber.sendHex(ConnectBytes.of(ProtocolVersion.V5).properties(properties).hex());
      subscriber.expect(Connack.class);
      subscriber.subscribe("al/#", Qos.AT_MOST_ONCE);
      for (int i = 0; i < 20; i++) {
        publisher.publish("al/" + i % 5, "m" + i, Qos.AT_MOST_ONCE);
        assertThat(subscriber.expectPublish("m" + i).topicAlias()).isBetween(0, maximum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF", "00", "EDA080"})
  @Spec(v5 = {"MQTT-3.3.2-13", "MQTT-3.3.2-19"})
  void response_topic_and_content_type_are_utf8(String octets) {
    String text = "%04x".formatted(octets.length() / 2) + octets;
    for (String property : List.of("08", "03")) {
      costsTheConnection(
          ProtocolVersion.V5,
          packet(ProtocolVersion.V5, 0x30, string("t"), property + text, "61"),
          ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @CsvSource({"a/+", "#", "a#"})
  @Spec(v5 = "MQTT-3.3.2-14")
  void a_response_topic_has_no_wildcards(String topic) {
    costsTheConnection(
        ProtocolVersion.V5,
        packet(ProtocolVersion.V5, 0x30, string("t"), "08" + string(topic), "61"),
        ReasonCode.PROTOCOL_ERROR);
  }
}
