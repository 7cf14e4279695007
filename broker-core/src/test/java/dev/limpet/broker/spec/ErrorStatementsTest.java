package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors: section 4.8 of MQTT 3.1.1 and 4.13 of MQTT 5.0. */
class ErrorStatementsTest extends SharedBrokerFixture {
  private GatedStore store;

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().sessions(heap -> store = new GatedStore(heap));
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = "MQTT-4.8.0-1",
      v5 = {"MQTT-4.13.1-1", "MQTT-4.13.2-1"})
  void a_second_connect_closes_the_connection(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "client");
    try (RawClient client = broker.connect(spec)) {
      client.send(new Connect(spec.request()));
      expectClosed(client, version, ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00 00, packet type 0",
    "36 05 0001 61 0001, QoS 3",
    "C1 00, flags of PINGREQ",
    "62 01 00, PUBREL cut short",
    "C0 FFFFFFFFFF, a length without end",
    "82 02 0001, SUBSCRIBE without a filter",
    "D0 00, a packet of servers"
  })
  @Spec(v3 = "MQTT-4.8.0-1")
  void a_protocol_violation_closes_the_connection_of_3_1_1_and_no_other(String hex, String what) {
    try (RawClient other = broker.connect(ConnectSpec.v3("other"));
        RawClient client = broker.connect(ConnectSpec.v3("client"))) {
      client.sendHex(hex).expectEnd();
      other.ping();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MALFORMED_PACKET, 00 00, packet type 0",
    "MALFORMED_PACKET, 36 06 0001 61 0001 00, QoS 3",
    "MALFORMED_PACKET, C1 00, flags of PINGREQ",
    "MALFORMED_PACKET, 62 01 00, PUBREL cut short",
    "MALFORMED_PACKET, C0 FFFFFFFFFF, a length without end",
    "MALFORMED_PACKET, 30 05 0001 61 01 FF, an unknown property",
    "PROTOCOL_ERROR, 82 03 0001 00, SUBSCRIBE without a filter",
    "PROTOCOL_ERROR, D0 00, a packet of servers",
    "PROTOCOL_ERROR, 30 06 0001 61 02 0102, a value out of range",
    "TOPIC_ALIAS_INVALID, 30 07 0001 61 03 230000, topic alias 0",
    "TOPIC_NAME_INVALID, 30 04 0001 23 00, a topic with a wildcard"
  })
  @Spec(v5 = {"MQTT-4.13.1-1", "MQTT-4.13.2-1"})
  void a_malformed_packet_or_protocol_error_closes_the_connection_and_no_other(
      ReasonCode reason, String hex, String what) {
    try (RawClient other = broker.connect(ConnectSpec.v5("other"));
        RawClient client = broker.connect(ConnectSpec.v5("client"))) {
      client.sendHex(hex).expectDisconnect(reason);
      other.ping();
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.13.2-1")
  void a_connack_of_0x80_or_above_ends_the_connection_sent_or_not() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      ConnectSpec spec = ConnectSpec.v5("client").authenticationMethod("UNKNOWN");
      client.send(new Connect(spec.request()));
      assertThat(client.expect(Connack.class).reason().isError()).isTrue();
      client.expectEnd();
    }
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      ConnectSpec spec = ConnectSpec.v5("client").authenticationMethod("UNKNOWN");
      client.send(new Connect(spec.maximumPacketBytes(4).request())); // no room for a CONNACK
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.8.0-2", v5 = "MQTT-4.13.2-1")
  void an_error_while_a_packet_is_handled_closes_the_connection(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "durable " + version).durable();
    try (RawClient durable = broker.connect(spec);
        RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      durable.subscribe("t", Qos.AT_LEAST_ONCE);
      for (String step : List.of("append", "subscribe")) {
        store.hold(step).completeExceptionally(new ClusterUnavailableException("test", null));
      }
      publisher.send(RawClient.publish("t", "lost", Qos.AT_LEAST_ONCE, 1));
      expectClosed(publisher, version, ReasonCode.SERVER_BUSY);
      durable.ping(); // the error was not in what it sent
      durable.sendHex(RawPackets.subscribe(version, 0x82, RawPackets.filter("u", 1)));
      expectClosed(durable, version, ReasonCode.SERVER_BUSY);
    } finally {
      store.release("append");
      store.release("subscribe");
    }
  }
}
