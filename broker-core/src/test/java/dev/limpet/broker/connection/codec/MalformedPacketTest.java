package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no client may send, beside the reason it is refused with. */
class MalformedPacketTest {
  private static final int MAX = 1_000;

  @ParameterizedTest(name = "{2}: {1}")
  @CsvSource({
    "MALFORMED_PACKET, 00 00, packet type 0",
    "MALFORMED_PACKET, 41 02 0001, PUBACK with flags",
    "MALFORMED_PACKET, 60 02 0001, PUBREL without its flag",
    "MALFORMED_PACKET, 80 08 0001 0003 612F23 01, SUBSCRIBE without its flag",
    "MALFORMED_PACKET, A0 05 0001 0001 61, UNSUBSCRIBE without its flag",
    "MALFORMED_PACKET, C8 00, PINGREQ with flags",
    "MALFORMED_PACKET, C0 01 00, PINGREQ with a body",
    "MALFORMED_PACKET, C0 FFFFFFFF, a remaining length without end",
    "PACKET_TOO_LARGE, 30 FFFFFF7F, the largest length there is",
    "PACKET_TOO_LARGE, 30 E607, one byte above the limit",
    "PROTOCOL_ERROR, 20 02 00 00, CONNACK",
    "PROTOCOL_ERROR, 90 03 0001 00, SUBACK",
    "PROTOCOL_ERROR, B0 02 0001, UNSUBACK",
    "PROTOCOL_ERROR, D0 00, PINGRESP",
    "MALFORMED_PACKET, 36 05 0001 61 0001, QoS 3",
    "PROTOCOL_ERROR, 38 03 0001 61, DUP with QoS 0",
    "PROTOCOL_ERROR, 32 05 0001 61 0000, PUBLISH with packet id 0",
    "MALFORMED_PACKET, 32 04 0001 61 00, PUBLISH that ends in its packet id",
    "PROTOCOL_ERROR, 30 02 0000, PUBLISH without a topic",
    "TOPIC_NAME_INVALID, 30 03 0001 2B, PUBLISH to +",
    "TOPIC_NAME_INVALID, 30 05 0003 612F23, PUBLISH to a/#",
    "MALFORMED_PACKET, 30 03 0002 61, PUBLISH that ends in its topic",
    "MALFORMED_PACKET, 30 03 0001 00, U+0000",
    "MALFORMED_PACKET, 30 04 0002 C080, U+0000 in two bytes",
    "MALFORMED_PACKET, 30 04 0002 C1BF, an overlong character of two bytes",
    "MALFORMED_PACKET, 30 05 0003 E09FBF, an overlong character of three bytes",
    "MALFORMED_PACKET, 30 06 0004 F08FBFBF, an overlong character of four bytes",
    "MALFORMED_PACKET, 30 05 0003 EDA080, a surrogate",
    "MALFORMED_PACKET, 30 05 0003 EDBFBF, the last surrogate",
    "MALFORMED_PACKET, 30 06 0004 F4908080, a character above U+10FFFF",
    "MALFORMED_PACKET, 30 03 0001 80, a continuation alone",
    "MALFORMED_PACKET, 30 04 0002 C341, a character cut by another",
    "MALFORMED_PACKET, 30 03 0001 C3, a character cut by the end",
    "MALFORMED_PACKET, 30 03 0001 FF, a byte UTF-8 does not use",
    "PROTOCOL_ERROR, 40 02 0000, PUBACK with packet id 0",
    "MALFORMED_PACKET, 40 01 00, PUBACK that is too short",
    "PROTOCOL_ERROR, 82 02 0001, SUBSCRIBE without a filter",
    "PROTOCOL_ERROR, 82 06 0000 0001 61 00, SUBSCRIBE with packet id 0",
    "MALFORMED_PACKET, 82 06 0001 0001 61 03, SUBSCRIBE with QoS 3",
    "MALFORMED_PACKET, 82 06 0001 0001 61 04, SUBSCRIBE with reserved options",
    "MALFORMED_PACKET, 82 05 0001 0001 61, SUBSCRIBE without options",
    "PROTOCOL_ERROR, A2 02 0001, UNSUBSCRIBE without a filter",
    "PROTOCOL_ERROR, A2 05 0000 0001 61, UNSUBSCRIBE with packet id 0",
    "MALFORMED_PACKET, 40 03 0001 00, PUBACK with a reason before v5",
    "MALFORMED_PACKET, E0 01 00, DISCONNECT with a reason before v5",
    "MALFORMED_PACKET, F0 00, AUTH before v5",
  })
  void refused_of_a_client_of_3_1_1(ReasonCode reason, String hex, String name) {
    refused(Hex.connected(ProtocolVersion.V3_1_1, MAX), hex, reason);
  }

  /** Issue 7, item 8: what 3.1 disregards is listed in docs/mqtt-3.1.md, and this is not. */
  @ParameterizedTest(name = "{2}: {1}")
  @CsvSource({
    "MALFORMED_PACKET, 00 00, packet type 0",
    "MALFORMED_PACKET, 36 05 0001 61 0001, QoS 3",
    "MALFORMED_PACKET, 82 06 0001 0001 61 03, SUBSCRIBE with QoS 3",
    "MALFORMED_PACKET, 82 06 0001 0001 61 FF, SUBSCRIBE with QoS 3 and more",
    "MALFORMED_PACKET, 82 05 0001 0000 00, SUBSCRIBE with an empty filter",
    "MALFORMED_PACKET, 30 04 0002 C080, U+0000 in two bytes",
    "MALFORMED_PACKET, C0 01 00, PINGREQ with a body",
    "MALFORMED_PACKET, F0 00, AUTH before v5",
    "PROTOCOL_ERROR, 2F 02 00 00, CONNACK",
  })
  void refused_of_a_client_of_3_1(ReasonCode reason, String hex, String name) {
    refused(Hex.connected(ProtocolVersion.V3_1, MAX), hex, reason);
  }

  @ParameterizedTest(name = "{2}: {1}")
  @CsvSource({
    "MALFORMED_PACKET, C0 8000, a remaining length longer than needed",
    "MALFORMED_PACKET, 30 05 0001 61 8000, a property length longer than needed",
    "MALFORMED_PACKET, 30 04 0001 61 05, properties beyond the end",
    "MALFORMED_PACKET, 30 06 0001 61 02 2300, a property that ends too early",
    "MALFORMED_PACKET, 30 06 0001 61 02 0401, an unknown property",
    "MALFORMED_PACKET, 30 07 0001 61 03 210001, a property of another packet",
    "PROTOCOL_ERROR, 30 0A 0001 61 06 230001 230001, a property twice",
    "PROTOCOL_ERROR, 30 06 0001 61 02 0102, a payload format out of range",
    "TOPIC_ALIAS_INVALID, 30 07 0001 61 03 230000, topic alias 0",
    "PROTOCOL_ERROR, 30 06 0001 61 02 0B01, a subscription id from a client",
    "PROTOCOL_ERROR, 30 08 0001 61 04 08 0001 23, a response topic with a wildcard",
    "PROTOCOL_ERROR, 30 07 0001 61 03 08 0000, an empty response topic",
    "PROTOCOL_ERROR, 30 03 0000 00, neither topic nor alias",
    "MALFORMED_PACKET, 30 08 0001 61 04 03 0001 00, U+0000 in a content type",
    "PROTOCOL_ERROR, 40 03 0001 92, PUBACK with a reason of PUBREL",
    "PROTOCOL_ERROR, 62 03 0001 10, PUBREL with a reason of PUBACK",
    "PROTOCOL_ERROR, 40 03 0001 42, PUBACK with a reason nobody knows",
    "MALFORMED_PACKET, 40 05 0001 00 00 00, PUBACK with bytes behind its properties",
    "MALFORMED_PACKET, 40 06 0001 00 02 1901, PUBACK with a foreign property",
    "PROTOCOL_ERROR, 82 07 0001 00 0001 61 03, SUBSCRIBE with QoS 3",
    "PROTOCOL_ERROR, 82 07 0001 00 0001 61 30, SUBSCRIBE with retain handling 3",
    "MALFORMED_PACKET, 82 07 0001 00 0001 61 40, SUBSCRIBE with a reserved option",
    "MALFORMED_PACKET, 82 07 0001 00 0001 61 80, SUBSCRIBE with the other reserved option",
    "PROTOCOL_ERROR, 82 09 0001 02 0B00 0001 61 00, SUBSCRIBE with subscription id 0",
    "PROTOCOL_ERROR, 82 0B 0001 04 0B01 0B02 0001 61 00, SUBSCRIBE with two subscription ids",
    "PROTOCOL_ERROR, 82 03 0001 00, SUBSCRIBE without a filter",
    "PROTOCOL_ERROR, 82 10 0001 00 000A 2473686172652F672F61 04, No Local on a share",
    "PROTOCOL_ERROR, A2 03 0001 00, UNSUBSCRIBE without a filter",
    "PROTOCOL_ERROR, E0 01 8E, DISCONNECT with a reason of servers",
    "PROTOCOL_ERROR, E0 06 00 04 1C 0001 73, DISCONNECT with a property of servers",
    "PROTOCOL_ERROR, E0 0C 00 0A 1100000000 1100000000, DISCONNECT with a property twice",
    "PROTOCOL_ERROR, F0 00, AUTH with the reason of servers",
    "PROTOCOL_ERROR, F0 02 18 00, AUTH without a method",
    "PROTOCOL_ERROR, F0 06 00 04 15 0001 6D, AUTH that says success",
  })
  void refused_of_a_client_of_5(ReasonCode reason, String hex, String name) {
    refused(Hex.connected(ProtocolVersion.V5, MAX), hex, reason);
  }

  @ParameterizedTest(name = "{2}: {1}")
  @CsvSource({
    "PROTOCOL_ERROR, 30 03 0001 61, PUBLISH comes first",
    "PROTOCOL_ERROR, C0 00, PINGREQ comes first",
    "PROTOCOL_ERROR, 00 00, nothing comes first",
    "MALFORMED_PACKET, 11 0D 0004 4D515454 04 02 003C 0001 61, flags",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0D 0004 4D515454 06 02 003C 0001 61, level 6",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0D 0004 4D515454 03 02 003C 0001 61, MQTT level 3",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0D 0004 4D515454 85 02 003C 0001 61, a bridge of v5",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0D 0004 4D515454 83 02 003C 0001 61, a bridge of MQTT 3",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0D 0004 6D717474 04 02 003C 0001 61, mqtt",
    "MALFORMED_PACKET, 10 0D 0004 4D515454 04 03 003C 0001 61, the reserved flag",
    "MALFORMED_PACKET, 10 0D 0004 4D515454 04 0A 003C 0001 61, will QoS without a will",
    "MALFORMED_PACKET, 10 0D 0004 4D515454 04 22 003C 0001 61, will retain without a will",
    "MALFORMED_PACKET, 10 12 0004 4D515454 04 1E 003C 0001 61 0001 77 0000, will QoS 3",
    "TOPIC_NAME_INVALID, 10 12 0004 4D515454 04 06 003C 0001 61 0001 23 0000, will topic #",
    "MALFORMED_PACKET, 10 10 0004 4D515454 04 42 003C 0001 61 0001 70, password without user",
    "CLIENT_IDENTIFIER_NOT_VALID, 10 0C 0004 4D515454 04 00 003C 0000, no id to resume",
    "CLIENT_IDENTIFIER_NOT_VALID, 10 0E 0006 4D5149736470 03 02 003C 0000, no id in 3.1",
    "CLIENT_IDENTIFIER_NOT_VALID, 10 0E 0006 4D5149736470 03 00 003C 0000, no id to resume in 3.1",
    "MALFORMED_PACKET, 1A 0F 0006 4D5149736470 03 02 003C 0001 61, flags in 3.1",
    "MALFORMED_PACKET, 10 12 0006 4D5149736470 03 42 003C 0001 61 0001 70, 3.1: no user name",
    "MALFORMED_PACKET, 10 14 0006 4D5149736470 03 1E 003C 0001 61 0001 77 0000, 3.1: will QoS 3",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 04 02 003C 0001 61 00, a byte too many",
    "MALFORMED_PACKET, 10 0C 0004 4D515454 04 02 003C 0001, an id that is not there",
    "MALFORMED_PACKET, 10 0D 0004 4D515454 04 82 003C 0001 61, a user name that is not there",
    "MALFORMED_PACKET, 10 00, nothing at all",
    "MALFORMED_PACKET, 10 8E00 0004 4D515454 05 02 003C 00 0001 61, a length longer than needed",
    "PROTOCOL_ERROR, 10 11 0004 4D515454 05 02 003C 03 210000 0001 61, receive maximum 0",
    "PROTOCOL_ERROR, 10 13 0004 4D515454 05 02 003C 05 2700000000 0001 61, packet size 0",
    "PROTOCOL_ERROR, 10 10 0004 4D515454 05 02 003C 02 1702 0001 61, a flag of 2",
    "PROTOCOL_ERROR, 10 12 0004 4D515454 05 02 003C 04 16000107 0001 61, data without method",
    "MALFORMED_PACKET, 10 11 0004 4D515454 05 02 003C 03 230001 0001 61, a foreign property",
    "MALFORMED_PACKET, 10 15 0004 4D515454 05 06 003C 00 0001 61 02 2101 0001 77 00, a cut will",
  })
  void refused_as_the_first_packet(ReasonCode reason, String hex, String name) {
    refused(new PacketDecoder(MAX), hex, reason);
  }

  private static void refused(PacketDecoder decoder, String hex, ReasonCode reason) {
    ByteBuf in = Hex.buf(hex);
    assertThatExceptionOfType(PacketException.class)
        .isThrownBy(() -> decoder.decode(in))
        .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void a_size_is_refused_before_the_packet_is_there() {
    refused(new PacketDecoder(100), "10 63", ReasonCode.PACKET_TOO_LARGE);
    assertThat(new PacketDecoder(100).decode(Hex.buf("10 62"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "V5,     10 0D 0004 4D515454 06 02 003C 0001 61",
    "V5,     10 0D 0004 4D515454 85 02 003C 0001 61",
    "V3_1_1, 10 0D 0004 4D515454 83 02 003C 0001 61",
    "V3_1_1, 10 0D 0004 4D515454 03 02 003C 0001 61",
    ",       10 0D 0004 6D717474 04 02 003C 0001 61",
    "V5,     10 0D 0004 4D515454 05 03 003C 0001 61",
  })
  void the_version_to_answer_in_is_known_where_there_is_one(ProtocolVersion version, String hex) {
    PacketDecoder decoder = new PacketDecoder(MAX);
    assertThatExceptionOfType(PacketException.class).isThrownBy(() -> decoder.decode(Hex.buf(hex)));
    assertThat(decoder.version()).isEqualTo(version);
  }
}
