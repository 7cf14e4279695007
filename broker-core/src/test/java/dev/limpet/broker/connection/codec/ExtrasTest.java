package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.spec.Spec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reason strings and user properties go along as long as the receiver takes the packet. */
class ExtrasTest {
  private static final List<UserProperty> USER = List.of(new UserProperty("key", "value"));
  private static final List<UserProperty> NONE = List.of();

  private static Stream<Packet> withExtras(@Nullable String why, List<UserProperty> user) {
    List<ReasonCode> reasons = List.of(ReasonCode.QUOTA_EXCEEDED);
    List<ReasonCode> unsubscribed = List.of(ReasonCode.NO_SUBSCRIPTION_EXISTED);
    return Stream.of(
        new Packet.Connack(
            false,
            ReasonCode.QUOTA_EXCEEDED,
            ConnackProperties.builder().reasonString(why).userProperties(user).build()),
        ack(PacketType.PUBACK, ReasonCode.QUOTA_EXCEEDED, why, user),
        ack(PacketType.PUBREC, ReasonCode.QUOTA_EXCEEDED, why, user),
        ack(PacketType.PUBREL, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, why, user),
        ack(PacketType.PUBCOMP, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, why, user),
        new Packet.Suback(1, reasons, why, user),
        new Packet.Unsuback(1, unsubscribed, why, user),
        new Packet.Disconnect(ReasonCode.SERVER_BUSY, null, why, null, user),
        new Packet.Auth(ReasonCode.CONTINUE_AUTHENTICATION, "M", null, why, user));
  }

  private static Packet ack(
      PacketType type, ReasonCode reason, @Nullable String why, List<UserProperty> user) {
    return new Packet.Acknowledgement(type, 1, reason, why, user);
  }

  static Stream<Packet> packetsWithReasonString() {
    return withExtras("why", NONE);
  }

  static Stream<Packet> packetsWithUserProperty() {
    return withExtras(null, USER);
  }

  @ParameterizedTest
  @MethodSource("packetsWithReasonString")
  @Spec(
      v5 = {
        "MQTT-3.2.2-19",
        "MQTT-3.4.2-2",
        "MQTT-3.5.2-2",
        "MQTT-3.6.2-2",
        "MQTT-3.7.2-2",
        "MQTT-3.9.2-1",
        "MQTT-3.11.2-1",
        "MQTT-3.14.2-3",
        "MQTT-3.15.2-2"
      })
  void a_reason_string_is_left_out_of_a_packet_it_makes_too_large(Packet packet) {
    goesOnlyWhereItFits(packet);
  }

  @ParameterizedTest
  @MethodSource("packetsWithUserProperty")
  @Spec(
      v5 = {
        "MQTT-3.2.2-20",
        "MQTT-3.4.2-3",
        "MQTT-3.5.2-3",
        "MQTT-3.6.2-3",
        "MQTT-3.7.2-3",
        "MQTT-3.9.2-2",
        "MQTT-3.11.2-2",
        "MQTT-3.14.2-4",
        "MQTT-3.15.2-3"
      })
  void a_user_property_is_left_out_of_a_packet_it_makes_too_large(Packet packet) {
    goesOnlyWhereItFits(packet);
  }

  private static void goesOnlyWhereItFits(Packet packet) {
    int wholeBytes = written(packet, 1_000).readableBytes();
    assertThat(read(written(packet, wholeBytes))).isEqualTo(packet);
    Packet without = read(written(packet, wholeBytes - 1));
    assertThat(without.type()).isEqualTo(packet.type());
    assertThat(List.of(without)).doesNotContain(packet);
    assertThat(withExtras(null, NONE)).contains(without);
  }

  private static ByteBuf written(Packet packet, int packetBytesMax) {
    ByteBuf out = Unpooled.buffer();
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V5, packetBytesMax, true);
    assertThat(encoder.write(out, packet)).isTrue();
    assertThat(out.readableBytes()).isLessThanOrEqualTo(packetBytesMax);
    return out;
  }

  private static Packet read(ByteBuf bytes) {
    Packet packet = PacketDecoder.forClient(ProtocolVersion.V5, 1_000).decode(bytes);
    assertThat(packet).isNotNull();
    return packet;
  }

  @Test
  @Spec(v5 = {"MQTT-3.14.2-1", "MQTT-3.14.2-2"})
  void whatever_the_reason_is_a_servers_disconnect_is_one_a_client_knows() {
    for (ReasonCode reason : ReasonCode.values()) {
      ByteBuf bytes = written(Packet.Disconnect.byServer(reason), 1_000);
      Packet.Disconnect read = (Packet.Disconnect) read(bytes); // refused if it were another's code
      assertThat(read.reason().isError()).isEqualTo(reason != ReasonCode.SUCCESS);
      assertThat(read.sessionExpirySeconds()).isNull();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.2.2-8")
  void whatever_the_reason_is_a_refusing_connack_is_one_a_client_knows() {
    for (ReasonCode reason : ReasonCode.values()) {
      Packet.Connack read = (Packet.Connack) read(written(Packet.Connack.refused(reason), 1_000));
      assertThat(read.reason().isError()).isEqualTo(reason != ReasonCode.SUCCESS);
    }
  }
}
