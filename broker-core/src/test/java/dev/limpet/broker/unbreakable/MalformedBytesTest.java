package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no packet, or not the packet that may come now. */
class MalformedBytesTest extends HostileClientTest {

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "MALFORMED_PACKET, 30 FF FF FF FF 7F, a remaining length of five bytes",
    "PACKET_TOO_LARGE, 30 FF FF FF 7F, a remaining length of 268 MB",
    "MALFORMED_PACKET, 82 07 0001 00 0010 61 00, a filter longer than its packet",
    "MALFORMED_PACKET, 30 06 0001 61 FF FF 7F, properties longer than their packet",
    "MALFORMED_PACKET, C0 01 00, a PINGREQ with a body",
    "PROTOCOL_ERROR, 10 0E 0004 4D515454 05 02 003C 00 0001 61, a second CONNECT",
    "PROTOCOL_ERROR, 10 0D 0004 4D515454 04 02 003C 0001 61, a second CONNECT of 3.1.1",
    "PROTOCOL_ERROR, 20 03 00 00 00, CONNACK",
    "PROTOCOL_ERROR, 90 04 0001 00 00, SUBACK",
    "PROTOCOL_ERROR, B0 04 0001 00 00, UNSUBACK",
    "PROTOCOL_ERROR, D0 00, PINGRESP",
    "PROTOCOL_ERROR, F0 00, an unexpected AUTH",
    "MALFORMED_PACKET, 00 00, packet type 0",
    "MALFORMED_PACKET, 36 05 0001 61 0001 00, QoS 3",
    "PROTOCOL_ERROR, 38 04 0001 61 00, DUP at QoS 0",
    "MALFORMED_PACKET, 41 02 0001, flags of PUBACK",
    "MALFORMED_PACKET, 51 02 0001, flags of PUBREC",
    "MALFORMED_PACKET, 60 02 0001, flags of PUBREL",
    "MALFORMED_PACKET, 71 02 0001, flags of PUBCOMP",
    "MALFORMED_PACKET, 80 07 0001 00 0001 61 00, flags of SUBSCRIBE",
    "MALFORMED_PACKET, A0 06 0001 00 0001 61, flags of UNSUBSCRIBE",
    "MALFORMED_PACKET, C1 00, flags of PINGREQ",
    "MALFORMED_PACKET, E1 00, flags of DISCONNECT",
    "MALFORMED_PACKET, F1 00, flags of AUTH",
    "MALFORMED_PACKET, 82 07 0001 00 0001 61 40, reserved options of SUBSCRIBE",
    "PROTOCOL_ERROR, 32 06 0001 61 0000 00, packet id 0 of PUBLISH",
    "PROTOCOL_ERROR, 40 02 0000, packet id 0 of PUBACK",
    "PROTOCOL_ERROR, 62 02 0000, packet id 0 of PUBREL",
    "PROTOCOL_ERROR, 82 07 0000 00 0001 61 00, packet id 0 of SUBSCRIBE",
    "PROTOCOL_ERROR, A2 06 0000 00 0001 61, packet id 0 of UNSUBSCRIBE",
    "PROTOCOL_ERROR, 30 03 0000 00, a topic of length 0",
    "MALFORMED_PACKET, 30 06 0003 610062 00, a topic with U+0000",
    "MALFORMED_PACKET, 30 05 0002 C080 00, a topic of overlong UTF-8",
    "MALFORMED_PACKET, 30 06 0003 EDA080 00, a topic with half a surrogate pair",
    "TOPIC_NAME_INVALID, 30 06 0003 612F23 00, a topic with #",
    "TOPIC_NAME_INVALID, 30 06 0003 612F2B 00, a topic with +",
    "MALFORMED_PACKET, 82 09 0001 00 0003 610062 00, a filter with U+0000",
    "MALFORMED_PACKET, 82 08 0001 00 0002 C080 00, a filter of bad UTF-8",
    "TOPIC_ALIAS_INVALID, 30 07 0001 61 03 23 FFFF, a topic alias beyond the maximum",
    "PROTOCOL_ERROR, 30 06 0000 03 23 0001, a topic alias that was never set",
  })
  void costs_a_client_of_5_its_connection(ReasonCode reason, String hex, String name) {
    try (RawClient client = broker.connect(ConnectSpec.v5("hostile"))) {
      client.sendHex(hex);
      client.expectDisconnect(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 FF FF FF FF 7F", // five bytes
        "30 FF FF FF 7F", // 268 MB
        "82 06 0001 0010 61 00", // a filter longer than its packet
        "10 0D 0004 4D515454 04 02 003C 0001 61", // a second CONNECT
        "20 02 00 00", // CONNACK
        "D0 00", // PINGRESP
        "F0 00", // no AUTH before 5
        "36 05 0001 61 0001", // QoS 3
        "60 02 0001", // flags of PUBREL
        "80 06 0001 0001 61 00", // flags of SUBSCRIBE
        "82 06 0001 0001 61 03", // QoS 3
        "32 05 0001 61 0000", // packet id 0
        "30 02 0000", // no topic
        "30 05 0003 610062", // U+0000
        "30 05 0003 612F23" // a wildcard
      })
  void costs_a_client_of_3_1_1_its_connection(String hex) {
    try (RawClient client = broker.connect(ConnectSpec.v3("hostile"))) {
      client.sendHex(hex);
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 05 0001 61 78 79", // PUBLISH
        "C0 00", // PINGREQ
        "E0 00", // DISCONNECT
        "F0 00", // AUTH
        "00 00", // nothing
        "16 03 01 00 05 01 00 00 01 00", // TLS
        "47 45 54 20 2F", // HTTP
        "10 FF FF FF FF 7F", // CONNECT with five bytes of length
        "11 0D 0004 4D515454 04 02 003C 0001 61" // CONNECT with flags
      })
  void a_first_packet_that_is_no_connect_gets_no_answer(String hex) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendHex(hex);
      client.expectEnd();
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "MALFORMED_PACKET, 10 14 0004 4D515454 05 1E 003C 00 0001 61 00 0001 77 0000, QoS 3",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 0A 003C 00 0001 61, a QoS without a will",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 22 003C 00 0001 61, RETAIN without a will",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 06 003C 00 0001 61, no will at all",
    "MALFORMED_PACKET, 10 14 0004 4D515454 05 06 003C 00 0001 61 00 0001 77 0005, a cut payload",
    "MALFORMED_PACKET, 10 14 0004 4D515454 05 06 003C 00 0001 61 00 0001 00 0000, U+0000",
    "MALFORMED_PACKET, 10 17 0004 4D515454 05 06 003C 00 0001 61 03 230001 0001 77 0000, an alias",
    "TOPIC_NAME_INVALID, 10 13 0004 4D515454 05 06 003C 00 0001 61 00 0000 0000, no topic",
    "TOPIC_NAME_INVALID, 10 14 0004 4D515454 05 06 003C 00 0001 61 00 0001 23 0000, a wildcard",
  })
  void a_malformed_will_is_refused(ReasonCode reason, String hex, String name) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendHex(hex);
      assertThat(client.expect(Connack.class).reason()).isEqualTo(reason);
      client.expectEnd();
    }
  }
}
