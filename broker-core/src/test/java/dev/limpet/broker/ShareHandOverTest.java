package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member of a share group leaves behind goes to another one, or must not. */
class ShareHandOverTest extends FreshBrokerFixture {
  private static final String FILTER = "$share/g/s/#";

  private RawClient member(ConnectSpec spec, Qos qos) {
    RawClient client = broker.connect(spec);
    client.subscribe(FILTER, qos);
    return client;
  }

  @Test
  void a_member_that_dies_hands_on_what_it_did_not_acknowledge_and_what_was_not_sent() {
    try (RawClient leaves = member(ConnectSpec.v5("leaves").receiveMaximum(2), Qos.AT_LEAST_ONCE)) {
      for (int i = 0; i < 5; i++) {
        publisher.publish("s/x", "m" + i);
      }
      leaves.take("m0");
      leaves.expectPublish("m1");
      leaves.expectPublish("m2");
      try (RawClient stays = member(ConnectSpec.v5("stays"), Qos.AT_LEAST_ONCE)) {
        leaves.close();
        assertThat(stays.take(4)).containsExactly("m1", "m2", "m3", "m4");
        stays.ping();
      }
    }
    assertThat(broker.count("limpet.deliveries.handed.on")).isEqualTo(4);
  }

  @Test
  @Spec(v5 = "MQTT-4.8.2-5")
  void what_was_begun_at_qos_2_reaches_nobody_else() {
    try (RawClient leaves = member(ConnectSpec.v5("leaves").receiveMaximum(2), Qos.EXACTLY_ONCE)) {
      for (int i = 0; i < 4; i++) {
        publisher.publish("s/x", "m" + i, Qos.EXACTLY_ONCE);
      }
      Publish received = leaves.expectPublish("m0");
      leaves.expectPublish("m1");
      leaves.ack(PacketType.PUBREC, received.packetId());
      leaves.expectAck(PacketType.PUBREL, received.packetId());
      try (RawClient stays = member(ConnectSpec.v5("stays"), Qos.EXACTLY_ONCE)) {
        leaves.close();
        assertThat(stays.take(2)).containsExactly("m2", "m3");
        stays.ping();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Qos.class,
      names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  @Spec(v5 = "MQTT-4.8.2-6")
  void what_a_member_refuses_reaches_nobody_else(Qos qos) {
    try (RawClient refuses = member(ConnectSpec.v5("refuses"), qos)) {
      publisher.publish("s/x", "bad", qos);
      Publish publish = refuses.expectPublish("bad");
      PacketType type = qos == Qos.AT_LEAST_ONCE ? PacketType.PUBACK : PacketType.PUBREC;
      refuses.send(Acknowledgement.of(type, publish.packetId(), ReasonCode.PAYLOAD_FORMAT_INVALID));
      refuses.ping();
      try (RawClient stays = member(ConnectSpec.v5("stays"), qos)) {
        refuses.close();
        broker.awaitConnections(2);
        stays.ping();
      }
    }
  }

  @Test
  void a_durable_session_keeps_its_share_until_it_ends() {
    try (RawClient leaves =
        member(ConnectSpec.v5("leaves").durable().receiveMaximum(1), Qos.EXACTLY_ONCE)) {
      publisher.publish("s/x", "begun", Qos.EXACTLY_ONCE);
      publisher.publish("s/x", "waits", Qos.EXACTLY_ONCE);
      publisher.publish("s/x", "waits too");
      leaves.expectPublish("begun");
      leaves.close();
    }
    await().until(() -> broker.gauge("limpet.sessions.expiring") == 1);
    try (RawClient stays = member(ConnectSpec.v5("stays"), Qos.EXACTLY_ONCE)) {
      publisher.publish("s/x", "later");
      stays.take("later");
      stays.ping();
      try (RawClient back = broker.connect(ConnectSpec.v5("leaves").durable().receiveMaximum(1))) {
        back.expectPublish("begun");
        back.disconnect(new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of()));
      }
      assertThat(stays.take(2)).containsExactlyInAnyOrder("waits", "waits too");
      stays.ping();
    }
  }

  @Test
  void a_session_that_expires_hands_on_to_another_inbox() {
    away("leaves", 5);
    publisher.publish("s/x", "1");
    publisher.publish("s/x", "2", Qos.EXACTLY_ONCE);
    away("stays", 3_600);
    assertThat(broker.inboxDepth("stays")).isZero();
    broker.clock.advanceSeconds(6);
    await().until(() -> !broker.isKnown("leaves"));
    assertThat(broker.inboxDepth("stays")).isEqualTo(2);
    try (RawClient stays = broker.connect(ConnectSpec.v5("stays").durable())) {
      assertThat(stays.take(2)).containsExactly("1", "2");
    }
  }

  @Test
  void a_clean_start_hands_on_what_the_session_before_had() {
    away("leaves", 3_600);
    publisher.publish("s/x", "1");
    try (RawClient stays = member(ConnectSpec.v5("stays"), Qos.AT_LEAST_ONCE);
        RawClient anew = broker.connect(ConnectSpec.v5("leaves"))) {
      stays.take("1");
      anew.ping();
    }
  }

  @Test
  void without_another_member_it_is_dropped_and_counted() {
    away("leaves", 5);
    publisher.publish("s/x", "1");
    broker.clock.advanceSeconds(6);
    await().until(() -> !broker.isKnown("leaves"));
    assertThat(broker.count("limpet.deliveries.dropped", "qos", "1")).isEqualTo(1);
  }

  @Test
  void connected_members_come_before_those_who_are_away() {
    away("away", 3_600);
    try (RawClient durable = member(ConnectSpec.v5("durable").durable(), Qos.AT_LEAST_ONCE)) {
      for (int i = 0; i < 4; i++) {
        publisher.publish("s/x", "m" + i);
      }
      assertThat(durable.take(4)).containsExactly("m0", "m1", "m2", "m3");
    }
    assertThat(broker.inboxDepth("away")).isZero();
  }

  @Test
  void a_share_and_a_plain_subscription_bring_a_copy_each_also_through_an_inbox() {
    for (ConnectSpec spec : List.of(ConnectSpec.v5("t"), ConnectSpec.v5("d").durable())) {
      try (RawClient client = member(spec, Qos.AT_LEAST_ONCE)) {
        client.subscribe("s/x", Qos.AT_LEAST_ONCE);
        publisher.publish("s/x", "m");
        assertThat(client.take(2)).containsExactly("m", "m");
        client.ping();
        client.disconnect(new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of()));
      } catch (AssertionError e) {
        throw new AssertionError(spec.request().clientId(), e);
      }
    }
  }

  private void away(String id, long expirySeconds) {
    try (RawClient client =
        member(ConnectSpec.v5(id).durable().expiry(expirySeconds), Qos.EXACTLY_ONCE)) {
      broker.leave(client);
    }
  }
}
