package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
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

/** Session state, resending and receipt: sections 4.1, 4.4 and 4.5 of both specifications. */
class SessionStatementsTest extends PublisherFixture {
  private static final int YEAR_SECONDS = 365 * 86_400;

  private RawClient back(RawClient old, ConnectSpec spec, boolean sessionPresent) {
    old.close();
    broker.awaitConnections(1);
    RawClient client = RawClient.open(broker.port(), spec.version());
    // 3.1 has no session present flag.
    assertThat(client.connect(spec).sessionPresent())
        .isEqualTo(sessionPresent && spec.version() != ProtocolVersion.V3_1);
    return client;
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = {"MQTT-4.1.0-1", "MQTT-4.1.0-2"},
      v5 = "MQTT-4.1.0-1")
  void session_state_is_kept_while_the_connection_is_open(ProtocolVersion version) {
    for (ConnectSpec spec :
        List.of(
            ConnectSpec.of(version, "open-" + version),
            ConnectSpec.of(version, "open-" + version).durable().expiry(5))) {
      RawClient client = broker.connect(spec);
      client.subscribe("open", Qos.AT_LEAST_ONCE);
      publisher.publish("open", "before");
      Publish before = client.expectPublish("before");
      broker.clock.advanceSeconds(YEAR_SECONDS);
      publisher.publish("open", "after");
      assertThat(client.take("after").packetId()).isNotEqualTo(before.packetId());
      client.disconnect();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.1.0-1", v5 = "MQTT-4.1.0-1")
  void an_expiry_does_not_run_while_the_connection_is_open(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "runs-" + version).durable().expiry(5);
    RawClient client = broker.connect(spec);
    client.subscribe("runs", Qos.AT_LEAST_ONCE);
    publisher.publish("runs", "m");
    int packetId = client.expectPublish("m").packetId();
    broker.clock.advanceSeconds(YEAR_SECONDS);
    client = back(client, spec, true);
    assertThat(client.expectPublish("m").packetId()).isEqualTo(packetId);
    publisher.publish("runs", "still subscribed");
    client.expectPublish("still subscribed");
    client.disconnect();
  }

  @Test
  @Spec(v3 = "MQTT-4.1.0-1")
  void a_session_of_3_1_1_is_kept_until_it_is_cleaned() {
    ConnectSpec spec = ConnectSpec.v3("keeps").durable();
    RawClient client = broker.connect(spec);
    client.subscribe("keeps", Qos.AT_LEAST_ONCE);
    client.close();
    broker.awaitConnections(1);
    broker.clock.advanceSeconds(86_400);
    publisher.publish("keeps", "m");
    client = back(client, spec, true);
    client.take("m");
    client = back(client, ConnectSpec.v3("keeps"), false);
    client.ping();
    client = back(client, spec, false);
    client.disconnect();
  }

  @Test
  @Spec(v5 = "MQTT-4.1.0-2")
  void session_state_is_discarded_when_the_expiry_has_passed_after_the_connection() {
    ConnectSpec spec = ConnectSpec.v5("expires").durable().expiry(5);
    RawClient client = broker.connect(spec);
    client.subscribe("expires", Qos.AT_LEAST_ONCE);
    client.close();
    broker.awaitConnections(1);
    broker.clock.advanceSeconds(6);
    client = back(client, spec, false);
    assertThat(publisher.publish("expires", "m")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    client = back(client, spec.expiry(0), true);
    client = back(client, spec.expiry(0), false);
    client.disconnect();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.4.0-1", v5 = "MQTT-4.4.0-1")
  void what_is_unacknowledged_comes_again_on_a_resumed_session_and_at_no_other_time(
      ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "again-" + version).durable();
    RawClient client = broker.connect(spec);
    client.subscribe("again", Qos.EXACTLY_ONCE);
    publisher.publish("again", "one", Qos.AT_LEAST_ONCE);
    publisher.publish("again", "two", Qos.EXACTLY_ONCE);
    publisher.publish("again", "released", Qos.EXACTLY_ONCE);
    int one = client.expectPublish("one").packetId();
    int two = client.expectPublish("two").packetId();
    int released = client.expectPublish("released").packetId();
    client.ack(PacketType.PUBREC, released).expectAck(PacketType.PUBREL, released);
    for (int i = 0; i < 2; i++) {
      broker.clock.advanceSeconds(3_000);
      publisher.publish("again", "zero", Qos.AT_MOST_ONCE);
      client.expectPublish("zero");
      client.ping(); // time alone sends nothing again
      client = back(client, spec, true);
      client.expectAck(PacketType.PUBREL, released);
      assertThat(client.expectPublish("one").packetId()).isEqualTo(one);
      assertThat(client.expectPublish("two").packetId()).isEqualTo(two);
    }
    client = back(client, ConnectSpec.of(version, "again-" + version), false);
    client.ping(); // a clean start sends nothing again
    client.disconnect();
  }

  @Test
  @Spec(v5 = "MQTT-4.4.0-2")
  void what_was_refused_is_not_sent_again() {
    ConnectSpec spec = ConnectSpec.v5("refuses").durable();
    RawClient client = broker.connect(spec);
    client.subscribe("refused", Qos.EXACTLY_ONCE);
    publisher.publish("refused", "one", Qos.AT_LEAST_ONCE);
    publisher.publish("refused", "two", Qos.EXACTLY_ONCE);
    int one = client.expectPublish("one").packetId();
    int two = client.expectPublish("two").packetId();
    client.send(Acknowledgement.of(PacketType.PUBACK, one, ReasonCode.NOT_AUTHORIZED));
    client.send(Acknowledgement.of(PacketType.PUBREC, two, ReasonCode.UNSPECIFIED_ERROR));
    client.ping();
    client = back(client, spec, true);
    client.ping();
    client.disconnect();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.5.0-1", v5 = "MQTT-4.5.0-1")
  void a_message_is_added_to_each_session_whose_filters_match(ProtocolVersion version) {
    List<String> filters = List.of("take/in", "take/+", "#", "take/out");
    List<ConnectSpec> specs = new ArrayList<>();
    for (String filter : filters) {
      ConnectSpec spec =
          ConnectSpec.of(version, version + " " + filter.replace('#', '*')).durable();
      specs.add(spec);
      try (RawClient client = broker.connect(spec)) {
        client.subscribe(filter, Qos.EXACTLY_ONCE);
        client.disconnect();
      }
    }
    try (RawClient online = broker.connect(ConnectSpec.of(version, "online"))) {
      online.subscribe("take/#", Qos.AT_LEAST_ONCE);
      for (Qos qos : List.of(Qos.AT_LEAST_ONCE, Qos.EXACTLY_ONCE)) {
        publisher.publish("take/in", "m" + qos.level(), qos);
      }
      assertThat(online.take(2)).containsExactly("m1", "m2");
    }
    for (ConnectSpec spec : specs) {
      try (RawClient client = broker.connect(spec)) {
        if (!spec.equals(specs.get(3))) {
          assertThat(client.take(2)).containsExactly("m1", "m2");
        }
        client.ping();
      }
      broker.connect(ConnectSpec.of(version, spec.request().clientId())).disconnect(); // ends it
    }
  }
}
