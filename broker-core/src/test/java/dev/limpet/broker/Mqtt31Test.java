package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
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
 * Issue 7, item 8. The kind: a version that is promised is served by its own rules, which are
 * listed beside those of 3.1.1 in docs/mqtt-3.1.md; each line of that table that changes an answer
 * is here.
 */
class Mqtt31Test extends FreshBrokerFixture {
  private static final String HEAD = "0006 4D5149736470 03 ";

  private RawClient client() {
    return broker.connect(ConnectSpec.of(ProtocolVersion.V3_1, "old"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "10 0F, 0A 003C 0001 61, will QoS without a will",
    "10 0F, 1A 003C 0001 61, will QoS 3 without a will",
    "10 0F, 22 003C 0001 61, will retain without a will",
    "10 0F, 3A 003C 0001 61, both",
    "10 0F, 03 003C 0001 61, the reserved flag",
    "10 0F, 82 003C 0001 61, a user name that is not there",
    "10 0F, C2 003C 0001 61, neither user name nor password there",
    "10 12, C2 003C 0001 61 0001 75, a password that is not there",
    "10 26, 02 003C 0018 616161616161616161616161616161616161616161616161, 24 characters"
  })
  void connects_that_3_1_allows_are_let_in(String fixedHeader, String rest, String name) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1)) {
      client.sendHex(fixedHeader + HEAD + rest);
      assertThat(client.expect(Connack.class).reason()).as(name).isEqualTo(ReasonCode.SUCCESS);
      client.ping();
    }
  }

  @Test
  void options_of_a_will_that_is_not_there_make_none() {
    publisher.subscribe("#", Qos.AT_MOST_ONCE);
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1)) {
      client.sendHex("10 0F" + HEAD + "2A 003C 0001 61").expect(Connack.class);
    }
    broker.awaitConnections(1);
    publisher.ping();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_empty_client_id_is_refused(boolean clean) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1)) {
      ConnectSpec spec = ConnectSpec.of(ProtocolVersion.V3_1, "").cleanStart(clean);
      assertThat(client.connect(spec).reason().connackReturnCode()).isEqualTo(2);
      client.expectEnd();
    }
  }

  @Test
  void qos_2_ends_after_a_reconnect_with_a_release_that_has_dup() {
    ConnectSpec durable = ConnectSpec.of(ProtocolVersion.V3_1, "old").durable();
    try (RawClient client = broker.connect(durable)) {
      client.send(RawClient.publish("t", "m", Qos.EXACTLY_ONCE, 7));
      client.expectAck(PacketType.PUBREC, 7);
    }
    broker.awaitConnections(1);
    try (RawClient client = broker.connect(durable)) {
      client.sendHex("6A 02 0007").expectAck(PacketType.PUBCOMP, 7);
      client.sendHex("6A 02 0007").expectAck(PacketType.PUBCOMP, 7); // it did not get that one
      client.ping();
    }
  }

  @Test
  void subscribe_and_unsubscribe_may_be_sent_again() {
    try (RawClient client = client()) {
      for (String firstByte : new String[] {"82", "8A", "8B", "80"}) {
        client.sendHex(firstByte + "06 0001 0001 74 01");
        assertThat(client.expect(Suback.class).reasons()).containsExactly(ReasonCode.GRANTED_QOS_1);
      }
      client.sendHex("82 06 0001 0001 74 FE"); // six bits are not used
      assertThat(client.expect(Suback.class).reasons()).containsExactly(ReasonCode.GRANTED_QOS_2);
      publisher.publish("t", "m");
      client.take("m");
      for (String firstByte : new String[] {"A2", "AA", "A0"}) {
        client.sendHex(firstByte + "05 0002 0001 74");
        assertThat(client.expect(Unsuback.class).packetId()).isEqualTo(2);
      }
      client.sendHex("CF 00").nextOrEnd(); // PINGRESP
      client.ping();
    }
  }

  @Test
  void acknowledgements_may_have_flags() {
    try (RawClient client = client()) {
      client.subscribe("t", Qos.EXACTLY_ONCE);
      publisher.publish("t", "two", Qos.EXACTLY_ONCE);
      int packetId = client.expectPublish("two").packetId();
      client.sendHex("5A 02 %04x".formatted(packetId)).expectAck(PacketType.PUBREL, packetId);
      client.sendHex("7A 02 %04x".formatted(packetId));
      publisher.publish("t", "one");
      packetId = client.expectPublish("one").packetId();
      client.sendHex("4A 02 %04x".formatted(packetId)).ping();
    }
  }

  @Test
  void dup_at_qos_0_goes_no_further() {
    try (RawClient client = client()) {
      publisher.subscribe("t", Qos.AT_MOST_ONCE);
      client.sendHex("38 04 0001 74 6D");
      assertThat(publisher.expectPublish("m").dup()).isFalse();
    }
  }

  @Test
  void a_filter_that_is_refused_is_acknowledged_and_brings_nothing() {
    try (RawClient client = client()) {
      assertThat(client.subscribe("a/#/b", Qos.AT_LEAST_ONCE)).containsExactly(ReasonCode.SUCCESS);
      publisher.publish("a/x/b", "m");
      client.ping();
      assertThat(broker.gauge("limpet.subscriptions")).isZero();
    }
  }

  @Test
  void what_3_1_1_forbids_is_still_forbidden_there() {
    for (String hex : new String[] {"6A 02 0007", "8A 06 0001 0001 74 01", "38 03 0001 74"}) {
      try (RawClient client = broker.connect(ConnectSpec.v3("new"))) {
        client.sendHex(hex).expectEnd();
      }
    }
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      client.sendHex("10 0D 0004 4D515454 04 0A 003C 0001 61").expectEnd();
    }
  }
}
