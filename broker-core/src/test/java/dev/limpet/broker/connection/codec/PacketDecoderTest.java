package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms the encoder does not write, but a client may send. */
class PacketDecoderTest {
  private static final int MAX = 100_000;

  private static Packet.Publish publish(PacketDecoder decoder, String hex) {
    Packet packet = decoder.decode(Hex.buf(hex));
    assertThat(packet).isInstanceOf(Packet.Publish.class);
    return (Packet.Publish) packet;
  }

  private static ConnectRequest connect(String hex) {
    Packet packet = new PacketDecoder(MAX).decode(Hex.buf(hex));
    assertThat(packet).isInstanceOf(Packet.Connect.class);
    return ((Packet.Connect) packet).request();
  }

  @Test
  void the_version_is_known_after_connect() {
    assertThat(new PacketDecoder(MAX).version()).isNull();
    for (ProtocolVersion version : ProtocolVersion.values()) {
      assertThat(Hex.connected(version, MAX).version()).isEqualTo(version);
    }
  }

  @Test
  void a_second_connect_does_not_change_the_version() {
    PacketDecoder decoder = Hex.connected(ProtocolVersion.V5, MAX);
    decoder.decode(Hex.buf("10 0D 0004 4D515454 04 02 003C 0001 61"));
    assertThat(decoder.version()).isEqualTo(ProtocolVersion.V5);
  }

  @ParameterizedTest
  @CsvSource({
    "E0 02 00 00, SUCCESS",
    "E0 01 00, SUCCESS",
    "E0 02 04 00, DISCONNECT_WITH_WILL",
  })
  void a_disconnect_may_be_longer_than_needed(String hex, ReasonCode reason) {
    assertThat(Hex.connected(ProtocolVersion.V5, MAX).decode(Hex.buf(hex)))
        .isEqualTo(Packet.Disconnect.of(reason));
  }

  @ParameterizedTest
  @CsvSource({"40 03 0001 00", "40 04 0001 00 00"})
  void an_acknowledgement_may_be_longer_than_needed(String hex) {
    assertThat(Hex.connected(ProtocolVersion.V5, MAX).decode(Hex.buf(hex)))
        .isEqualTo(Packet.Acknowledgement.of(PacketType.PUBACK, 1, ReasonCode.SUCCESS));
  }

  @Test
  void a_3_1_1_client_may_pad_the_remaining_length() {
    assertThat(Hex.connected(ProtocolVersion.V3_1_1, MAX).decode(Hex.buf("40 8200 0001")))
        .isEqualTo(Packet.Acknowledgement.of(PacketType.PUBACK, 1, ReasonCode.SUCCESS));
  }

  @Test
  void a_3_1_client_may_end_before_the_user_name_it_announced() {
    ConnectRequest request = connect("10 0F 0006 4D5149736470 03 C2 003C 0001 61");
    assertThat(request.userName()).isNull();
    assertThat(request.password()).isNull();
  }

  @Test
  void a_packet_size_beyond_what_mqtt_can_carry_is_no_limit() {
    ConnectRequest request = connect("10 13 0004 4D515454 05 02 003C 05 27FFFFFFFF 0001 61");
    assertThat(request.connection().maximumPacketBytes())
        .isEqualTo(ConnectRequest.PACKET_BYTES_MAX);
  }

  @Test
  void a_long_client_id_is_taken() {
    String id = "61".repeat(65_535);
    assertThat(connect("10 8B8004 0004 4D515454 04 02 003C FFFF " + id).clientId()).hasSize(65_535);
  }

  @Test
  void a_payload_format_is_what_was_said_of_it() {
    assertThat(format("30 04 0001 61 00")).isEqualTo(PayloadFormat.NOT_SAID);
    assertThat(format("30 06 0001 61 02 0100")).isEqualTo(PayloadFormat.BYTES);
    assertThat(format("30 06 0001 61 02 0101")).isEqualTo(PayloadFormat.UTF_8);
  }

  private static PayloadFormat format(String hex) {
    return publish(Hex.connected(ProtocolVersion.V5, MAX), hex).properties().payloadFormat();
  }

  @Test
  void a_topic_sent_again_is_the_same_object() {
    PacketDecoder decoder = Hex.connected(ProtocolVersion.V3_1_1, MAX);
    Packet.Publish first = publish(decoder, "30 05 0003 612F62");
    assertThat(publish(decoder, "30 05 0003 612F62").topic()).isSameAs(first.topic());
    assertThat(publish(decoder, "30 05 0003 612F63").topic()).hasToString("a/c");
    assertThat(publish(decoder, "30 04 0002 C3A4").topic()).hasToString("ä");
    assertThat(publish(decoder, "30 04 0002 C3A4").topic()).hasToString("ä");
    assertThat(publish(decoder, "30 03 0001 41").topic()).hasToString("A");
  }

  @Test
  void the_payload_is_independent_of_the_bytes_it_came_in() {
    ByteBuf in = Hex.buf("30 05 0001 61 6869");
    Packet packet = Hex.connected(ProtocolVersion.V3_1_1, MAX).decode(in);
    in.setZero(0, in.capacity());
    assertThat(packet).isInstanceOf(Packet.Publish.class);
    assertThat(((Packet.Publish) packet).payload().toString()).isEqualTo("hi");
  }

  @Test
  void characters_at_the_borders_of_utf8_are_taken() {
    PacketDecoder decoder = Hex.connected(ProtocolVersion.V3_1_1, MAX);
    String borders = "7F C280 DFBF E0A080 ED9FBF EE8080 EFBFBF F0908080 F48FBFBF EFBBBF";
    Packet.Publish packet = publish(decoder, "30 1E 001C " + borders);
    assertThat(packet.topic())
        .hasToString("\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\uD800\uDC00\uDBFF\uDFFF\uFEFF");
  }
}
