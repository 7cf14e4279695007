package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that outlive their connections. */
class DurableSessionTest extends FreshBrokerFixture {
  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.5.0-1", v5 = "MQTT-4.5.0-1")
  void what_came_while_it_was_away_arrives_in_order(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "away").durable();
    try (RawClient subscriber = broker.connect(spec)) {
      subscriber.subscribe("q/#", Qos.EXACTLY_ONCE);
      subscriber.disconnect();
    }
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      publisher.publish("q/" + i % 7, "m" + i);
      sent.add("m" + i);
    }
    try (RawClient subscriber = RawClient.open(broker.port(), version)) {
      // 3.1 has no session present flag.
      assertThat(subscriber.connect(spec).sessionPresent())
          .isEqualTo(version != ProtocolVersion.V3_1);
      assertThat(subscriber.take(600)).isEqualTo(sent);
      subscriber.ping();
      subscriber.disconnect();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-4.3.2-3", "MQTT-4.4.0-1"})
  void what_was_not_acknowledged_comes_again_with_its_packet_id_and_dup() {
    RawClient subscriber = broker.connect(ConnectSpec.v5("again").durable());
    subscriber.subscribe("a", Qos.AT_LEAST_ONCE);
    publisher.publish("a", "1");
    publisher.publish("a", "2");
    publisher.publish("a", "3");
    Publish first = subscriber.expectPublish("1");
    Publish second = subscriber.expectPublish("2");
    Publish third = subscriber.expectPublish("3");
    assertThat(List.of(first.dup(), second.dup(), third.dup())).containsOnly(false);
    subscriber.ack(PacketType.PUBACK, second.packetId());
    subscriber.ping();
    subscriber.close();
    broker.awaitConnections(1);
    publisher.publish("a", "4");

    try (RawClient back = broker.connect(ConnectSpec.v5("again").durable())) {
      Publish again = back.take("1");
      assertThat(again.dup()).isTrue();
      assertThat(again.packetId()).isEqualTo(first.packetId());
      assertThat(back.take("3").packetId()).isEqualTo(third.packetId());
      assertThat(back.take("4").dup()).isFalse();
      back.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-4.3.3-3", "MQTT-4.3.3-4", "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1"})
  void qos_2_goes_on_from_each_step_without_a_duplicate() {
    ConnectSpec spec = ConnectSpec.v5("exactly").durable();
    RawClient client = broker.connect(spec);
    client.subscribe("x", Qos.EXACTLY_ONCE);
    publisher.publish("x", "sent", Qos.EXACTLY_ONCE);
    publisher.publish("x", "received", Qos.EXACTLY_ONCE);
    int sent = client.expectPublish("sent").packetId();
    int received = client.expectPublish("received").packetId();
    client.ack(PacketType.PUBREC, received);
    client.expectAck(PacketType.PUBREL, received);
    client.close();
    broker.awaitConnections(1);

    client = broker.connect(spec);
    assertThat(client.expectAck(PacketType.PUBREL, received).reason())
        .isEqualTo(ReasonCode.SUCCESS);
    Publish again = client.expectPublish("sent");
    assertThat(again.dup()).isTrue();
    assertThat(again.packetId()).isEqualTo(sent);
    client.ack(PacketType.PUBREC, sent);
    client.expectAck(PacketType.PUBREL, sent);
    client.ack(PacketType.PUBCOMP, sent);
    client.ping();
    client.close();
    broker.awaitConnections(1);

    client = broker.connect(spec);
    client.expectAck(PacketType.PUBREL, received);
    client.ack(PacketType.PUBCOMP, received);
    client.ping();
    client.close();
    broker.awaitConnections(1);

    client = broker.connect(spec);
    client.ping();
    client.close();
  }

  @Test
  void a_repeated_pubrec_gets_its_pubrel_again_and_an_unknown_one_an_error() {
    try (RawClient client = broker.connect(ConnectSpec.v5("rec").durable())) {
      client.subscribe("x", Qos.EXACTLY_ONCE);
      publisher.publish("x", "m", Qos.EXACTLY_ONCE);
      int id = client.expectPublish("m").packetId();
      for (int i = 0; i < 2; i++) {
        client.ack(PacketType.PUBREC, id);
        assertThat(client.expectAck(PacketType.PUBREL, id).reason()).isEqualTo(ReasonCode.SUCCESS);
      }
      client.ack(PacketType.PUBREC, id + 1);
      assertThat(client.expectAck(PacketType.PUBREL, id + 1).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }
  }

  @Test
  void an_inbound_qos_2_publication_resumed_after_pubrec_is_routed_once() {
    try (RawClient offline = broker.connect(ConnectSpec.v5("reader").durable())) {
      offline.subscribe("in", Qos.EXACTLY_ONCE);
      offline.disconnect();
    }
    ConnectSpec spec = ConnectSpec.v5("writer").durable();
    RawClient writer = broker.connect(spec);
    Publish publish = RawClient.publish("in", "once", Qos.EXACTLY_ONCE, 77);
    writer.send(publish).expectAck(PacketType.PUBREC, 77);
    writer.close();
    broker.awaitConnections(1);

    writer = broker.connect(spec);
    writer.send(publish).expectAck(PacketType.PUBREC, 77); // as if PUBREC had been lost
    writer.send(publish).expectAck(PacketType.PUBREC, 77);
    writer.close();
    broker.awaitConnections(1);

    writer = broker.connect(spec);
    writer.ack(PacketType.PUBREL, 77).expectAck(PacketType.PUBCOMP, 77);
    writer.send(RawClient.publish("in", "next", Qos.EXACTLY_ONCE, 77));
    writer.expectAck(PacketType.PUBREC, 77);
    writer.close();
    try (RawClient reader = broker.connect(ConnectSpec.v5("reader").durable())) {
      assertThat(reader.take(2)).containsExactly("once", "next");
      reader.ping();
    }
  }

  @Test
  void a_clean_start_forgets_all_and_says_so() {
    try (RawClient client = broker.connect(ConnectSpec.v3("clean").durable())) {
      client.subscribe("c", Qos.AT_LEAST_ONCE);
      client.disconnect();
    }
    publisher.publish("c", "lost");
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      assertThat(client.connect(ConnectSpec.v3("clean")).sessionPresent()).isFalse();
      assertThat(publisher.publish("c", "lost too")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      client.ping();
      client.disconnect();
    }
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      assertThat(client.connect(ConnectSpec.v3("clean").durable()).sessionPresent()).isFalse();
      client.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.1.2-23", "MQTT-3.2.2-3", "MQTT-4.1.0-2"})
  void session_present_is_the_truth_across_expiry() {
    ConnectSpec ten = ConnectSpec.v5("ten").cleanStart(false).expiry(10);
    assertThat(connectAndLeave(ten).sessionPresent()).isFalse();
    broker.clock.advanceSeconds(9);
    assertThat(connectAndLeave(ten).sessionPresent()).isTrue();
    broker.clock.advanceSeconds(11);
    assertThat(connectAndLeave(ten).sessionPresent()).isFalse();
  }

  @Test
  @Spec(v5 = "MQTT-4.1.0-2")
  void an_expired_session_leaves_nothing_behind() {
    try (RawClient client = broker.connect(ConnectSpec.v5("dies").durable().expiry(5))) {
      client.subscribe("never/again", Qos.AT_LEAST_ONCE);
      client.disconnect();
    }
    broker.awaitConnections(1);
    assertThat(broker.broker().durableSessionCount()).isEqualTo(1);
    broker.clock.advanceSeconds(6);
    await().until(() -> broker.broker().durableSessionCount() == 0);
    await().until(() -> !broker.isKnown("dies"));
    await().until(() -> broker.gauge("limpet.routes.advertised") == 0);
    await().until(() -> broker.gauge("limpet.sessions.expiring") == 0);
  }

  @Test
  void expiry_zero_resumes_the_session_once_and_then_ends_it() {
    connectAndLeave(ConnectSpec.v5("last").durable());
    ConnectSpec zero = ConnectSpec.v5("last").cleanStart(false).expiry(0);
    assertThat(connectAndLeave(zero).sessionPresent()).isTrue();
    assertThat(connectAndLeave(zero).sessionPresent()).isFalse();
    await().until(() -> broker.broker().durableSessionCount() == 0);
    assertThat(broker.isKnown("last")).isFalse();
  }

  @Test
  void a_goodbye_may_change_the_expiry_also_of_a_session_with_qos_0_only() {
    ConnectSpec spec = ConnectSpec.v5("changed").durable();
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("zero", Qos.AT_MOST_ONCE);
      client.disconnect(new Disconnect(ReasonCode.SUCCESS, 20L, null, null, List.of()));
    }
    broker.awaitConnections(1);
    broker.clock.advanceSeconds(19);
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      assertThat(client.connect(spec).sessionPresent()).isTrue();
      publisher.publish("zero", "still subscribed", Qos.AT_MOST_ONCE);
      client.expectPublish("still subscribed");
      client.disconnect(new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of()));
    }
    broker.awaitConnections(1);
    assertThat(connectAndLeave(spec).sessionPresent()).isFalse();
  }

  @Test
  void a_goodbye_cannot_bring_a_transient_session_to_life() {
    try (RawClient client = broker.connect(ConnectSpec.v5("transient"))) {
      client.send(new Disconnect(ReasonCode.SUCCESS, 5L, null, null, List.of()));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
  void expired_messages_are_left_out_and_the_others_carry_what_is_left() {
    try (RawClient client = broker.connect(ConnectSpec.v5("expiring").durable())) {
      client.subscribe("e", Qos.AT_LEAST_ONCE);
      client.disconnect();
    }
    publishExpiring("short", 5);
    publishExpiring("long", 60);
    broker.clock.advanceSeconds(20);
    try (RawClient client = broker.connect(ConnectSpec.v5("expiring").durable())) {
      assertThat(client.take("long").messageExpirySeconds()).isEqualTo(40);
      client.ping();
    }
    assertThat(broker.count("limpet.deliveries.expired")).isEqualTo(1);
  }

  @Test
  @Spec(v5 = "MQTT-3.3.2-5")
  void messages_that_expire_while_a_transient_client_is_slow_are_left_out() {
    try (RawClient client = broker.connect(ConnectSpec.v5("slow").receiveMaximum(1))) {
      client.subscribe("e", Qos.AT_LEAST_ONCE);
      publisher.publish("e", "first");
      publishExpiring("short", 5);
      publishExpiring("long", 60);
      Publish first = client.expectPublish("first");
      broker.clock.advanceSeconds(20);
      client.ack(PacketType.PUBACK, first.packetId());
      client.take("long");
      client.ping();
    }
  }

  @Test
  void changed_subscriptions_are_stored() {
    ConnectSpec spec = ConnectSpec.v5("changes").durable();
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("a", Qos.AT_LEAST_ONCE);
      client.subscribe("b", Qos.AT_LEAST_ONCE);
      client.subscribe("b", Qos.EXACTLY_ONCE);
      client.send(
          new dev.limpet.broker.connection.codec.Packet.Unsubscribe(5, List.of("a"), List.of()));
      client.expect(dev.limpet.broker.connection.codec.Packet.Unsuback.class);
      client.disconnect();
    }
    publisher.publish("a", "no", Qos.EXACTLY_ONCE);
    publisher.publish("b", "yes", Qos.EXACTLY_ONCE);
    try (RawClient client = broker.connect(spec)) {
      assertThat(client.take("yes").qos()).isEqualTo(Qos.EXACTLY_ONCE);
      client.ping();
    }
  }

  @Test
  void a_negative_pubrec_ends_a_delivery() {
    try (RawClient client = broker.connect(ConnectSpec.v5("refuses").durable().receiveMaximum(1))) {
      client.subscribe("n", Qos.EXACTLY_ONCE);
      publisher.publish("n", "unwanted", Qos.EXACTLY_ONCE);
      publisher.publish("n", "wanted", Qos.EXACTLY_ONCE);
      int id = client.expectPublish("unwanted").packetId();
      client.send(
          dev.limpet.broker.connection.codec.Packet.Acknowledgement.of(
              PacketType.PUBREC, id, ReasonCode.QUOTA_EXCEEDED));
      client.take("wanted");
      client.ping();
    }
  }

  private Connack connectAndLeave(ConnectSpec spec) {
    try (RawClient client = RawClient.open(broker.port(), spec.version())) {
      Connack connack = client.connect(spec);
      client.disconnect();
      broker.awaitConnections(1); // only then the expiry runs
      return connack;
    }
  }

  private void publishExpiring(String payload, long expirySeconds) {
    Publish plain = RawClient.publish("e", payload, Qos.AT_LEAST_ONCE, publisher.nextPacketId());
    publisher
        .send(
            new Publish(
                plain.topic(),
                0,
                plain.payload(),
                PublishFlags.of(plain.qos(), false, false),
                plain.packetId(),
                expirySeconds,
                plain.properties(),
                List.of()))
        .expectAck(PacketType.PUBACK, plain.packetId());
  }
}
