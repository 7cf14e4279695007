package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DISCONNECT: section 3.14 of both specifications. */
class DisconnectStatementsTest extends SharedBrokerFixture {
  @Override
  TestBroker.Setup setup() {
    Authenticator authenticator =
        (request, origin) ->
            CompletableFuture.completedFuture(
                "banned".equals(request.userName())
                    ? Authentication.deny(ReasonCode.BANNED)
                    : Authentication.ANONYMOUS);
    return new TestBroker.Setup().authenticator(authenticator);
  }

  @Test
  @Spec(v5 = "MQTT-3.14.0-1")
  void before_a_successful_connack_no_disconnect_is_sent() {
    try (RawClient refused = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      Connack connack = refused.connect(ConnectSpec.v5("client").userName("banned"));
      assertThat(connack.reason()).isEqualTo(ReasonCode.BANNED);
      refused.expectEnd();
    }
    try (RawClient malformed = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      malformed.sendHex("10 0E 0004 4D515454 05 03 003C 00 0001 61"); // the reserved flag
      assertThat(malformed.expect(Connack.class).reason()).isEqualTo(ReasonCode.MALFORMED_PACKET);
      malformed.expectEnd();
    }
    for (String first : List.of("C0 00", "82 07 0001 00 0001 61 00", "E0 00", "F7 00", "00 00")) {
      try (RawClient other = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        other.sendHex(first).expectEnd();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.14.1-1", v3 = "MQTT-3.14.1-1")
  void a_disconnect_with_flags_is_malformed(ProtocolVersion version) {
    for (int flags = 1; flags < 16; flags++) {
      try (RawClient client = client(version)) {
        client.sendHex("E%x 00".formatted(flags));
        expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x10, 0x18, 0x84, 0x85, 0x86, 0x88, 0x8A, 0x8C, 0x8E, 0x9C, 0xA3})
  @Spec(v5 = "MQTT-3.14.2-1")
  void a_reason_code_that_is_not_for_a_clients_disconnect_is_a_protocol_error(int code) {
    try (RawClient client = client(ProtocolVersion.V5)) {
      client.sendHex("E0 01 %02x".formatted(code));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.14.2-2", "MQTT-3.14.4-2"})
  void the_servers_disconnect_has_no_session_expiry_and_the_server_closes_after_it() {
    try (RawClient old = broker.connect(ConnectSpec.v5("expiring").durable());
        RawClient next = broker.connect(ConnectSpec.v5("expiring").durable())) {
      Disconnect takenOver = old.expect(Disconnect.class);
      assertThat(takenOver.reason()).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
      assertThat(takenOver.sessionExpirySeconds()).isNull();
      old.expectEnd();
      next.sendHex("00 00");
      Disconnect refused = next.expect(Disconnect.class);
      assertThat(refused.reason()).isEqualTo(ReasonCode.MALFORMED_PACKET);
      assertThat(refused.sessionExpirySeconds()).isNull();
      next.expectEnd();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.14.4-1")
  void nothing_follows_the_servers_disconnect() {
    try (RawClient client = client(ProtocolVersion.V5);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      client.subscribe("after/#", Qos.AT_MOST_ONCE);
      // PINGREQ, garbage, PINGREQ and a PUBLISH to itself, all in one segment
      client.sendHex("C000  0000  C000  30 0A 0007 61667465722F78 00");
      client.expect(Pingresp.class);
      publisher.publish("after/y", "late", Qos.AT_MOST_ONCE);
      client.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = "MQTT-3.14.4-2",
      v5 = {"MQTT-3.14.4-1", "MQTT-3.14.4-2"})
  void nothing_behind_a_clients_disconnect_is_handled_and_the_connection_closes(
      ProtocolVersion version) {
    try (RawClient watcher = broker.connect(ConnectSpec.v5("watcher"));
        RawClient client = client(version)) {
      watcher.subscribe("behind", Qos.AT_LEAST_ONCE);
      client.sendTogether(
          RawClient.publish("behind", "before", Qos.AT_MOST_ONCE, 0),
          Disconnect.of(ReasonCode.SUCCESS),
          Pingreq.INSTANCE,
          RawClient.publish("behind", "after", Qos.AT_MOST_ONCE, 0));
      client.expectEnd();
      watcher.take("before");
      watcher.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.14.4-3", v3 = "MQTT-3.14.4-3")
  void a_normal_disconnect_removes_the_will_unpublished(ProtocolVersion version) {
    try (RawClient watcher = broker.connect(ConnectSpec.v5("watcher"))) {
      watcher.subscribe("will/#", Qos.AT_LEAST_ONCE);
      broker.connect(ConnectSpec.of(version, "polite").will("will/x", "never", 0)).disconnect();
      broker.connect(ConnectSpec.of(version, "rude").will("will/x", "lost", 0)).close();
      watcher.take("lost");
      watcher.ping();
    }
  }
}
