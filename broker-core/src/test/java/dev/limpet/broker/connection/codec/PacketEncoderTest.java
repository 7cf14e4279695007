package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.topic.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketEncoderTest {
  private static final List<UserProperty> KV = List.of(new UserProperty("k", "v"));
  private final ByteBuf out = Unpooled.buffer();

  private String written() {
    return Hex.of(out);
  }

  private static Delivery delivery(PublicationProperties properties) {
    Publication publication =
        new Publication(
            new PublicationId(1, 1),
            ClientId.of("c"),
            TopicName.of("a/b"),
            Buffer.buffer("xhix").slice(1, 3),
            Qos.EXACTLY_ONCE,
            true,
            Publication.NEVER,
            properties);
    return new Delivery(publication, Qos.AT_LEAST_ONCE, false, List.of(7));
  }

  @Test
  void a_delivery_has_its_own_qos_and_the_ids_of_its_subscriptions() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V5);
    assertThat(encoder.publishes().encode(out, delivery(PublicationProperties.NONE), 5, true, 60))
        .isTrue();
    assertThat(written())
        .isEqualTo("3a11" + "0003612f62" + "0005" + "07" + "020000003c" + "0b07" + "6869");
  }

  @Test
  void a_3_1_1_client_gets_no_properties() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V3_1_1);
    PublicationProperties rich =
        new PublicationProperties(PayloadFormat.UTF_8, "t", null, null, KV);
    assertThat(encoder.publishes().encode(out, delivery(rich), 5, false, 60)).isTrue();
    assertThat(written()).isEqualTo("3209" + "0003612f62" + "0005" + "6869");
  }

  @Test
  void encoding_leaves_the_payload_as_it_was() {
    Delivery delivery = delivery(PublicationProperties.NONE);
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V3_1_1);
    encoder.publishes().encode(out, delivery, 5, false, -1);
    String first = written();
    encoder.publishes().encode(out.clear(), delivery, 5, false, -1);
    assertThat(written()).isEqualTo(first);
    assertThat(delivery.publication().payload().toString()).isEqualTo("hi");
  }

  @Test
  void a_publication_too_large_for_the_client_is_not_written() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V3_1_1, 10, true);
    assertThat(encoder.publishes().encode(out, delivery(PublicationProperties.NONE), 5, false, -1))
        .isFalse();
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void words_that_do_not_fit_are_left_out() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V5, 8, true);
    Packet suback = new Packet.Suback(1, List.of(ReasonCode.QUOTA_EXCEEDED), "why not", KV);
    assertThat(encoder.write(out, suback)).isTrue();
    assertThat(written()).isEqualTo("9004" + "0001" + "00" + "97");
  }

  @Test
  @Spec(v5 = "MQTT-3.1.2-29")
  void words_nobody_asked_for_go_with_connack_and_disconnect_only() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V5, 1_000, false);
    encoder.write(
        out, new Packet.Acknowledgement(PacketType.PUBACK, 1, ReasonCode.QUOTA_EXCEEDED, "r", KV));
    assertThat(written()).isEqualTo("4003" + "0001" + "97");
    encoder.write(out.clear(), Packet.Suback.of(1, List.of(ReasonCode.SUCCESS)));
    encoder.write(out.clear(), new Packet.Unsuback(1, List.of(ReasonCode.SUCCESS), "r", KV));
    assertThat(written()).isEqualTo("b004" + "0001" + "00" + "00");
    Packet.Disconnect disconnect =
        new Packet.Disconnect(ReasonCode.SERVER_BUSY, null, "r", null, List.of());
    encoder.write(out.clear(), disconnect);
    assertThat(written()).isEqualTo("e006" + "89" + "04" + "1f000172");
  }

  @Test
  void an_acknowledgement_is_as_short_as_it_may_be() {
    PacketEncoder v5 = new PacketEncoder(ProtocolVersion.V5);
    v5.acknowledge(out, PacketType.PUBREL, 65_535, ReasonCode.SUCCESS);
    assertThat(written()).isEqualTo("6202ffff");
    v5.acknowledge(out.clear(), PacketType.PUBREC, 1, ReasonCode.NOT_AUTHORIZED);
    assertThat(written()).isEqualTo("5003000187");
    PacketEncoder v3 = new PacketEncoder(ProtocolVersion.V3_1_1);
    v3.acknowledge(out.clear(), PacketType.PUBREC, 1, ReasonCode.NOT_AUTHORIZED);
    assertThat(written()).isEqualTo("50020001");
  }

  @Test
  void reasons_become_the_few_codes_of_3_1_1() {
    PacketEncoder v3 = new PacketEncoder(ProtocolVersion.V3_1_1);
    v3.write(out, Packet.Connack.refused(ReasonCode.SERVER_BUSY));
    assertThat(written()).isEqualTo("20020003");
    v3.write(
        out.clear(),
        Packet.Suback.of(1, List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.NOT_AUTHORIZED)));
    assertThat(written()).isEqualTo("900400010280");
    v3.write(out.clear(), Packet.Unsuback.of(1, List.of(ReasonCode.NO_SUBSCRIPTION_EXISTED)));
    assertThat(written()).isEqualTo("b0020001");
  }

  @Test
  void the_encoder_keeps_to_what_the_client_asked_for() {
    PacketDecoder decoder = new PacketDecoder(1_000);
    Packet packet =
        decoder.decode(Hex.buf("10 15 0004 4D515454 05 02 003C 07 2700000010 1700 0001 61"));
    assertThat(packet).isInstanceOf(Packet.Connect.class);
    ConnectRequest request = ((Packet.Connect) packet).request();
    PacketEncoder encoder = PacketEncoder.toClient(request);
    assertThat(encoder.version()).isEqualTo(ProtocolVersion.V5);
    Packet suback = new Packet.Suback(1, List.of(ReasonCode.SUCCESS), "r", List.of());
    assertThat(encoder.write(out, suback)).isTrue();
    assertThat(written()).isEqualTo("900400010000");
    assertThat(
            encoder
                .publishes()
                .encode(out.clear(), delivery(PublicationProperties.NONE), 1, false, -1))
        .isTrue();
    assertThat(
            encoder
                .publishes()
                .encode(out.clear(), delivery(PublicationProperties.NONE), 1, false, 9))
        .isFalse();
  }

  @Test
  void a_string_of_more_than_65535_bytes_is_no_field() {
    PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V5);
    Packet tooLong =
        new Packet.Disconnect(ReasonCode.SERVER_BUSY, null, "x".repeat(65_536), null, List.of());
    assertThatIllegalArgumentException().isThrownBy(() -> encoder.write(out, tooLong));
  }
}
