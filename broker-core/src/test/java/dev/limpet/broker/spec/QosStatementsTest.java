package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The delivery protocols of QoS 0, 1 and 2: section 4.3 of both specifications. */
class QosStatementsTest extends PublisherFixture {
  private static final Forbidding FORBIDDING = new Forbidding("forbidden");

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().authorizer(FORBIDDING);
  }

  private static Publish resend(Publish first) {
    return changed(first, true, first.messageExpirySeconds());
  }

  private static Publish expiring(Publish publish, long seconds) {
    return changed(publish, false, seconds);
  }

  private static Publish changed(Publish publish, boolean dup, long expirySeconds) {
    return new Publish(
        publish.topic(),
        0,
        publish.payload(),
        PublishFlags.of(publish.qos(), dup, false),
        publish.packetId(),
        expirySeconds,
        publish.properties(),
        List.of());
  }

  /** The same client on a new connection, after the broker has seen the end of the old one. */
  private RawClient back(RawClient old, ConnectSpec spec) {
    old.close();
    broker.awaitConnections(1);
    return broker.connect(spec);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.3.1-1", v5 = "MQTT-4.3.1-1")
  void what_goes_out_at_qos_0_has_no_dup_and_no_packet_id(ProtocolVersion version) {
    for (ConnectSpec spec :
        List.of(ConnectSpec.of(version, "zero"), ConnectSpec.of(version, "zero").durable())) {
      try (RawClient client = broker.connect(spec)) {
        client.subscribe("zero", Qos.AT_MOST_ONCE);
        publisher.publish("zero", "plain", Qos.AT_MOST_ONCE);
        publisher.send(resend(RawClient.publish("zero", "resent", Qos.AT_LEAST_ONCE, 3)));
        for (String payload : List.of("plain", "resent")) {
          Publish got = client.expectPublish(payload);
          assertThat(got.qos()).isEqualTo(Qos.AT_MOST_ONCE);
          assertThat(got.dup()).isFalse();
          assertThat(got.packetId()).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = {"MQTT-4.3.2-1", "MQTT-4.3.3-1"},
      v5 = {"MQTT-4.3.2-1", "MQTT-4.3.2-2", "MQTT-4.3.3-1", "MQTT-4.3.3-2"})
  void each_new_message_goes_out_with_an_unused_packet_id_and_without_dup(ProtocolVersion version) {
    for (ConnectSpec spec :
        List.of(ConnectSpec.of(version, "ids"), ConnectSpec.of(version, "ids").durable())) {
      try (RawClient client = broker.connect(spec)) {
        client.subscribe("ids", Qos.EXACTLY_ONCE);
        List<Integer> unacknowledged = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          Qos qos = i % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
          publisher.publish("ids", "m" + i, qos);
          Publish got = client.expectPublish("m" + i);
          assertThat(got.qos()).isEqualTo(qos);
          assertThat(got.dup()).isFalse();
          assertThat(got.packetId()).isBetween(1, 65_535).isNotIn(unacknowledged);
          if (i % 6 == 0) {
            client.ack(PacketType.PUBACK, got.packetId());
          } else {
            unacknowledged.add(got.packetId());
          }
        }
        client.ping();
        client.disconnect();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.3.2-1", v5 = "MQTT-4.3.2-3")
  void a_message_at_qos_1_is_unacknowledged_until_puback(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "one-" + version).durable();
    RawClient client = broker.connect(spec);
    client.subscribe("one", Qos.AT_LEAST_ONCE);
    publisher.publish("one", "m");
    int packetId = client.expectPublish("m").packetId();
    for (int i = 0; i < 2; i++) {
      client = back(client, spec);
      Publish again = client.expectPublish("m");
      assertThat(again.packetId()).isEqualTo(packetId);
      assertThat(again.dup()).isTrue();
    }
    client.ack(PacketType.PUBACK, packetId).ping();
    client = back(client, spec);
    client.ping(); // and nothing comes again
    client.disconnect();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = "MQTT-4.3.3-1",
      v5 = {"MQTT-4.3.3-3", "MQTT-4.3.3-4", "MQTT-4.3.3-5", "MQTT-4.3.3-6"})
  void a_message_at_qos_2_is_unacknowledged_until_pubrec_and_its_pubrel_until_pubcomp(
      ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "two-" + version).durable();
    RawClient client = broker.connect(spec);
    client.subscribe("two", Qos.EXACTLY_ONCE);
    publisher.publish("two", "m", Qos.EXACTLY_ONCE);
    int packetId = client.expectPublish("m").packetId();
    client = back(client, spec);
    Publish again = client.expectPublish("m");
    assertThat(again.packetId()).isEqualTo(packetId);
    assertThat(again.dup()).isTrue();
    client.ack(PacketType.PUBREC, packetId).expectAck(PacketType.PUBREL, packetId);
    for (int i = 0; i < 2; i++) {
      client = back(client, spec);
      client.expectAck(PacketType.PUBREL, packetId);
      client.ping(); // and the PUBLISH does not come again
    }
    client.ack(PacketType.PUBCOMP, packetId).ping();
    client = back(client, spec);
    client.ping();
    client.disconnect();
  }

  @Test
  @Spec(v5 = "MQTT-4.3.3-4")
  void a_pubrec_that_refuses_gets_no_pubrel() {
    try (RawClient client = broker.connect(ConnectSpec.v5("refusing"))) {
      client.subscribe("refused", Qos.EXACTLY_ONCE);
      publisher.publish("refused", "m", Qos.EXACTLY_ONCE);
      int packetId = client.expectPublish("m").packetId();
      client.send(
          Acknowledgement.of(
              PacketType.PUBREC, packetId, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR));
      client.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = "MQTT-4.3.2-2",
      v5 = {"MQTT-4.3.2-4", "MQTT-4.3.2-5"})
  void a_message_at_qos_1_is_answered_with_its_packet_id_which_is_new_again_then(
      ProtocolVersion version) {
    try (RawClient client = broker.connect(ConnectSpec.of(version, "client"))) {
      client.subscribe("in/1", Qos.AT_MOST_ONCE);
      Publish publish = RawClient.publish("in/1", "m", Qos.AT_LEAST_ONCE, 0x1234);
      for (Publish each : List.of(publish, resend(publish), publish)) {
        client.send(each);
        client.expectPublish("m");
        client.expectAck(PacketType.PUBACK, 0x1234);
      }
      client.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = "MQTT-4.3.3-2",
      v5 = {"MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12"})
  void a_message_at_qos_2_is_delivered_once_until_its_packet_id_is_released(
      ProtocolVersion version) {
    for (ConnectSpec spec :
        List.of(ConnectSpec.of(version, "in"), ConnectSpec.of(version, "in").durable())) {
      try (RawClient client = broker.connect(spec);
          RawClient watcher = broker.connect(ConnectSpec.v5("watcher"))) {
        watcher.subscribe("in/2", Qos.AT_MOST_ONCE);
        for (String payload : List.of("first", "second")) {
          Publish publish = RawClient.publish("in/2", payload, Qos.EXACTLY_ONCE, 0x4321);
          for (Publish each : List.of(publish, resend(publish), resend(publish))) {
            client.send(each).expectAck(PacketType.PUBREC, 0x4321);
          }
          watcher.expectPublish(payload);
          client.ack(PacketType.PUBREL, 0x4321).expectAck(PacketType.PUBCOMP, 0x4321);
        }
        // Released, so even a DUP is a new message now.
        client.send(resend(RawClient.publish("in/2", "third", Qos.EXACTLY_ONCE, 0x4321)));
        client.expectAck(PacketType.PUBREC, 0x4321);
        watcher.expectPublish("third");
        watcher.ping();
        client.disconnect();
      }
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.3.3-9")
  void after_a_pubrec_that_refuses_the_packet_id_is_a_new_message() {
    FORBIDDING.lift(false);
    try (RawClient client = broker.connect(ConnectSpec.v5("client"))) {
      client.subscribe("+", Qos.AT_MOST_ONCE);
      Publish publish = RawClient.publish("forbidden", "m", Qos.EXACTLY_ONCE, 5);
      assertThat(client.send(publish).expectAck(PacketType.PUBREC, 5).reason())
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
      FORBIDDING.lift(true);
      client.send(publish);
      client.expectPublish("m");
      assertThat(client.expectAck(PacketType.PUBREC, 5).reason()).isEqualTo(ReasonCode.SUCCESS);
      client.ack(PacketType.PUBREL, 5).expectAck(PacketType.PUBCOMP, 5);
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.3.3-7")
  void a_message_at_qos_2_that_was_sent_expires_no_more() {
    ConnectSpec spec = ConnectSpec.v5("late").durable();
    RawClient client = broker.connect(spec);
    client.subscribe("late", Qos.EXACTLY_ONCE);
    publisher.send(expiring(RawClient.publish("late", "m", Qos.EXACTLY_ONCE, 1), 5));
    publisher.expectAck(PacketType.PUBREC, 1);
    int packetId = client.expectPublish("m").packetId();
    broker.clock.advanceSeconds(60);
    client = back(client, spec);
    assertThat(client.expectPublish("m").packetId()).isEqualTo(packetId);
    client.ack(PacketType.PUBREC, packetId).expectAck(PacketType.PUBREL, packetId);
    client.ack(PacketType.PUBCOMP, packetId).ping();
    client.disconnect();
  }

  @Test
  @Spec(v5 = "MQTT-4.3.3-13")
  void the_exchange_at_qos_2_goes_on_though_the_message_has_expired() {
    ConnectSpec reader = ConnectSpec.v5("away").durable();
    try (RawClient away = broker.connect(reader)) {
      away.subscribe("old", Qos.EXACTLY_ONCE);
      away.disconnect();
    }
    Publish publish = expiring(RawClient.publish("old", "m", Qos.EXACTLY_ONCE, 2), 5);
    publisher.send(publish).expectAck(PacketType.PUBREC, 2);
    broker.clock.advanceSeconds(60);
    publisher.send(resend(publish)).expectAck(PacketType.PUBREC, 2);
    assertThat(publisher.ack(PacketType.PUBREL, 2).expectAck(PacketType.PUBCOMP, 2).reason())
        .isEqualTo(ReasonCode.SUCCESS);
    try (RawClient back = broker.connect(reader)) {
      back.ping(); // expired, so nothing comes
      back.disconnect();
    }
  }
}
