package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions: section 4.8.2 of MQTT 5.0. */
class SharedStatementsTest extends PublisherFixture {
  private List<ReasonCode> subscribe(String filter) {
    try (RawClient client = broker.connect(ConnectSpec.v5("client"))) {
      List<ReasonCode> reasons = client.subscribe(filter, Qos.AT_LEAST_ONCE);
      client.disconnect();
      return reasons;
    }
  }

  /** A second member that joins when the message is on its way to the first. */
  private RawClient other(String filter) {
    RawClient other = broker.connect(ConnectSpec.v5("other"));
    other.subscribe(filter, Qos.EXACTLY_ONCE);
    return other;
  }

  @Test
  @Spec(v5 = "MQTT-4.8.2-1")
  void a_shared_filter_has_a_name_of_at_least_one_character() {
    assertThat(subscribe("$share//a")).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
    assertThat(subscribe("$share///a")).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
    assertThat(subscribe("$share/n/a")).containsExactly(ReasonCode.GRANTED_QOS_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$share/n", "$share/", "$share/+/a", "$share/#", "$share/n+/a", "$share/#n/a"})
  @Spec(v5 = "MQTT-4.8.2-2")
  void the_name_has_no_wildcard_and_a_filter_follows_it(String filter) {
    assertThat(subscribe(filter)).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Qos.class)
  @Spec(v5 = "MQTT-4.8.2-3")
  void each_member_gets_messages_at_its_own_granted_qos(Qos sent) {
    List<RawClient> members = new ArrayList<>();
    for (Qos granted : Qos.values()) {
      ConnectSpec spec = ConnectSpec.v5("granted " + granted);
      members.add(broker.connect(spec));
      members.add(broker.connect(ConnectSpec.v5("durable " + granted).durable()));
    }
    for (int i = 0; i < members.size(); i++) {
      members.get(i).subscribe("$share/of " + i + "/granted", Qos.of(i / 2));
    }
    publisher.publish("granted", "m", sent);
    for (int i = 0; i < members.size(); i++) {
      assertThat(members.get(i).take("m").qos()).isEqualTo(sent.atMost(Qos.of(i / 2)));
      members.get(i).disconnect();
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.8.2-4")
  void a_delivery_at_qos_2_that_was_cut_off_is_completed_when_its_member_is_back() {
    ConnectSpec spec = ConnectSpec.v5("cut").durable();
    RawClient member = broker.connect(spec);
    member.subscribe("$share/n/cut", Qos.EXACTLY_ONCE);
    publisher.publish("cut", "sent", Qos.EXACTLY_ONCE);
    publisher.publish("cut", "received", Qos.EXACTLY_ONCE);
    int sent = member.expectPublish("sent").packetId();
    int received = member.expectPublish("received").packetId();
    member.ack(PacketType.PUBREC, received).expectAck(PacketType.PUBREL, received);
    try (RawClient other = other("$share/n/cut")) {
      member.close();
      broker.awaitConnections(2);
      other.ping(); // gets neither of them
      member = broker.connect(spec);
      member.expectAck(PacketType.PUBREL, received);
      member.ack(PacketType.PUBCOMP, received);
      Publish again = member.take("sent");
      assertThat(again.packetId()).isEqualTo(sent);
      member.disconnect();
      other.ping();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec(v5 = "MQTT-4.8.2-5")
  void when_the_session_of_a_member_ends_its_qos_2_delivery_goes_to_nobody_else(boolean durable) {
    ConnectSpec spec = ConnectSpec.v5("ends");
    RawClient member = broker.connect(durable ? spec.durable() : spec);
    member.subscribe("$share/n/ends", Qos.EXACTLY_ONCE);
    publisher.publish("ends", "m", Qos.EXACTLY_ONCE);
    member.expectPublish("m");
    try (RawClient other = other("$share/n/ends")) {
      member.disconnect(
          new Disconnect(ReasonCode.SUCCESS, durable ? 0L : null, null, null, List.of()));
      broker.awaitConnections(2);
      publisher.publish("ends", "next", Qos.EXACTLY_ONCE);
      other.take("next"); // first, so it did not get "m"
      other.ping();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec(v5 = "MQTT-4.8.2-6")
  void a_message_that_a_member_refuses_goes_to_no_other(boolean durable) {
    ConnectSpec spec = ConnectSpec.v5("refuses");
    RawClient member = broker.connect(durable ? spec.durable() : spec);
    member.subscribe("$share/n/refused", Qos.EXACTLY_ONCE);
    publisher.publish("refused", "one", Qos.AT_LEAST_ONCE);
    publisher.publish("refused", "two", Qos.EXACTLY_ONCE);
    int one = member.expectPublish("one").packetId();
    int two = member.expectPublish("two").packetId();
    try (RawClient other = other("$share/n/refused")) {
      member.send(Acknowledgement.of(PacketType.PUBACK, one, ReasonCode.UNSPECIFIED_ERROR));
      member.send(Acknowledgement.of(PacketType.PUBREC, two, ReasonCode.QUOTA_EXCEEDED));
      member.ping();
      member.disconnect(
          new Disconnect(ReasonCode.SUCCESS, durable ? 0L : null, null, null, List.of()));
      broker.awaitConnections(2);
      publisher.publish("refused", "next", Qos.EXACTLY_ONCE);
      other.take("next");
      other.ping();
    }
  }
}
