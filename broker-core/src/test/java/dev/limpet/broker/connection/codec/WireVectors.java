package dev.limpet.broker.connection.codec;

import static dev.limpet.broker.connection.codec.WireVector.client;
import static dev.limpet.broker.connection.codec.WireVector.server;
import static dev.limpet.broker.mqtt.ProtocolVersion.V3_1;
import static dev.limpet.broker.mqtt.ProtocolVersion.V3_1_1;
import static dev.limpet.broker.mqtt.ProtocolVersion.V5;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The shared table of well-formed packets, one for each form a packet may have. */
final class WireVectors {
  private static final List<UserProperty> KV = List.of(new UserProperty("k", "v"));
  private static final PublicationProperties RICH =
      new PublicationProperties(PayloadFormat.UTF_8, "t", "r", Hex.buffer("09"), KV);
  private static final String RICH_HEX =
      "01 01  03 0001 74  08 0001 72  09 0001 09  26 0001 6B 0001 76";

  private WireVectors() {}

  static Stream<WireVector> all() {
    return Stream.of(
            connects(), connacks(), publishes(), acknowledgements(), subscriptions(), rest())
        .flatMap(vectors -> vectors);
  }

  private static Stream<WireVector> connects() {
    Will plainWill =
        new Will(
            TopicName.of("w"),
            Buffer.buffer("bye"),
            Qos.AT_LEAST_ONCE,
            true,
            0,
            Will.NO_EXPIRY,
            PublicationProperties.NONE);
    return Stream.of(
        client(
            "CONNECT with clean session",
            V3_1_1,
            "10 0D 0004 4D515454 04 02 003C 0001 61",
            plainConnect(V3_1_1, "a", true, 60, null, null, null)),
        client(
            "CONNECT with an id to be assigned",
            V3_1_1,
            "10 0C 0004 4D515454 04 02 003C 0000",
            plainConnect(V3_1_1, "", true, 60, null, null, null)),
        client(
            "CONNECT with a lasting session",
            V3_1,
            "10 0F 0006 4D5149736470 03 00 FFFF 0001 61",
            plainConnect(V3_1, "a", false, 65_535, null, null, null)),
        client(
            "CONNECT of a bridge",
            V3_1_1,
            "10 0D 0004 4D515454 84 02 003C 0001 61",
            bridge(V3_1_1)),
        client(
            "CONNECT of a bridge of 3.1",
            V3_1,
            "10 0F 0006 4D5149736470 83 02 003C 0001 61",
            bridge(V3_1)),
        client(
            "CONNECT with a will, a user name and a password",
            V3_1_1,
            "10 1C 0004 4D515454 04 EC 0000 0001 63 0001 77 0003 627965 0001 75 0002 00FF",
            plainConnect(V3_1_1, "c", false, 0, "u", Hex.buffer("00FF"), plainWill)),
        client(
            "CONNECT without properties",
            V5,
            "10 0E 0004 4D515454 05 02 003C 00 0001 61",
            plainConnect(V5, "a", true, 60, null, null, null)),
        client(
            "CONNECT with everything",
            V5,
            "10 59 0004 4D515454 05 54 0000"
                + "23 11 00000E10 21 000A 27 00010000 22 0005 19 01 17 00"
                + "15 0001 78 16 0001 07 26 0001 6B 0001 76"
                + "0001 63"
                + "1F 18 0000000A 02 FFFFFFFF "
                + RICH_HEX
                + "0001 77 0000 0001 70",
            fullConnect()));
  }

  private static Packet bridge(ProtocolVersion version) {
    return new Packet.Connect(ConnectSpec.of(version, "a").bridge().keepAlive(60).request());
  }

  private static Packet plainConnect(
      ProtocolVersion version,
      String clientId,
      boolean clean,
      int keepAliveSeconds,
      @Nullable String userName,
      @Nullable Buffer password,
      @Nullable Will will) {
    return new Packet.Connect(
        new ConnectRequest(
            version,
            false,
            clientId,
            new ConnectRequest.SessionSettings(
                clean, clean || version == V5 ? 0 : ConnectRequest.NEVER_EXPIRES),
            new ConnectRequest.ConnectionSettings(
                keepAliveSeconds, 65_535, ConnectRequest.PACKET_BYTES_MAX, 0, false, true),
            new ConnectRequest.Credentials(userName, password, null, null),
            will,
            List.of()));
  }

  private static Packet fullConnect() {
    Will will =
        new Will(
            TopicName.of("w"), Buffer.buffer(), Qos.EXACTLY_ONCE, false, 10, 0xFFFF_FFFFL, RICH);
    return new Packet.Connect(
        new ConnectRequest(
            V5,
            false,
            "c",
            new ConnectRequest.SessionSettings(false, 3_600),
            new ConnectRequest.ConnectionSettings(0, 10, 65_536, 5, true, false),
            new ConnectRequest.Credentials(null, Buffer.buffer("p"), "x", Hex.buffer("07")),
            will,
            KV));
  }

  private static Stream<WireVector> connacks() {
    ConnackProperties everything =
        ConnackProperties.builder()
            .sessionExpirySeconds(ConnectRequest.NEVER_EXPIRES)
            .receiveMaximum(1)
            .maximumQos(Qos.AT_LEAST_ONCE)
            .available(new ConnackProperties.Available(false, false, false, false))
            .maximumPacketBytes(1_024)
            .assignedClientId("id")
            .topicAliasMaximum(16)
            .serverKeepAliveSeconds(0)
            .responseInformation("i")
            .serverReference("s")
            .authentication("m", Hex.buffer("01"))
            .reasonString("r")
            .userProperties(KV)
            .build();
    return Stream.of(
        server("CONNACK", V3_1, "20 02 00 00", connack(false, ReasonCode.SUCCESS)),
        server("CONNACK resuming", V3_1_1, "20 02 01 00", connack(true, ReasonCode.SUCCESS)),
        server(
            "CONNACK refusing", V3_1_1, "20 02 00 05", connack(false, ReasonCode.NOT_AUTHORIZED)),
        server("CONNACK resuming", V5, "20 03 01 00 00", connack(true, ReasonCode.SUCCESS)),
        server("CONNACK refusing", V5, "20 03 00 87 00", connack(false, ReasonCode.NOT_AUTHORIZED)),
        server(
            "CONNACK with everything",
            V5,
            "20 40 00 00 3D"
                + "11 FFFFFFFF 21 0001 24 01 25 00 27 00000400 12 0002 6964 22 0010"
                + "28 00 29 00 2A 00 13 0000 1A 0001 69 1C 0001 73 15 0001 6D 16 0001 01"
                + "1F 0001 72 26 0001 6B 0001 76",
            new Packet.Connack(false, ReasonCode.SUCCESS, everything)));
  }

  private static Packet connack(boolean present, ReasonCode reason) {
    return new Packet.Connack(present, reason, ConnackProperties.NONE);
  }

  private static Stream<WireVector> publishes() {
    Buffer hi = Buffer.buffer("hi");
    String topic = "ä/\uD83D\uDE00";
    return Stream.of(
        client(
            "PUBLISH QoS 0", V3_1_1, "30 05 0001 61 6869", publish("a", hi, Qos.AT_MOST_ONCE, 0)),
        client("PUBLISH empty", V3_1, "30 03 0001 61", publish("a", Buffer.buffer(), Qos.of(0), 0)),
        client(
            "PUBLISH QoS 1 again, retained",
            V3_1_1,
            "3B 07 0001 61 FFFF 6869",
            new Packet.Publish(
                TopicName.of("a"),
                0,
                hi,
                PublishFlags.of(Qos.AT_LEAST_ONCE, true, true),
                65_535,
                Packet.Publish.NO_EXPIRY,
                PublicationProperties.NONE,
                List.of())),
        client(
            "PUBLISH with a topic beyond ASCII",
            V5,
            "34 0E 0007 C3A4 2F F09F9880 0001 00 6869",
            publish(topic, hi, Qos.EXACTLY_ONCE, 1)),
        client(
            "PUBLISH with an alias alone",
            V5,
            "30 08 0000 03 23 0005 6869",
            new Packet.Publish(
                null,
                5,
                hi,
                PublishFlags.of(Qos.AT_MOST_ONCE, false, false),
                0,
                Packet.Publish.NO_EXPIRY,
                PublicationProperties.NONE,
                List.of())),
        server(
            "PUBLISH with everything",
            V5,
            "3D 2C 0001 61 1234" + "24 02 00000001 23 FFFF 0B 01 0B FFFFFF7F " + RICH_HEX + "6869",
            new Packet.Publish(
                TopicName.of("a"),
                65_535,
                hi,
                PublishFlags.of(Qos.EXACTLY_ONCE, true, true),
                0x1234,
                1,
                RICH,
                List.of(1, 268_435_455))));
  }

  private static Packet publish(String topic, Buffer payload, Qos qos, int packetId) {
    return new Packet.Publish(
        TopicName.of(topic),
        0,
        payload,
        PublishFlags.of(qos, false, false),
        packetId,
        Packet.Publish.NO_EXPIRY,
        PublicationProperties.NONE,
        List.of());
  }

  private static Stream<WireVector> acknowledgements() {
    return Stream.of(
        client("PUBACK", V3_1_1, "40 02 1234", ack(PacketType.PUBACK, ReasonCode.SUCCESS)),
        client("PUBACK", V5, "40 02 1234", ack(PacketType.PUBACK, ReasonCode.SUCCESS)),
        client("PUBREC", V5, "50 02 1234", ack(PacketType.PUBREC, ReasonCode.SUCCESS)),
        client("PUBREL", V3_1, "62 02 1234", ack(PacketType.PUBREL, ReasonCode.SUCCESS)),
        client("PUBCOMP", V3_1_1, "70 02 1234", ack(PacketType.PUBCOMP, ReasonCode.SUCCESS)),
        server(
            "PUBACK to nobody",
            V5,
            "40 03 1234 10",
            ack(PacketType.PUBACK, ReasonCode.NO_MATCHING_SUBSCRIBERS)),
        client(
            "PUBREL for an unknown id",
            V5,
            "62 03 1234 92",
            ack(PacketType.PUBREL, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND)),
        server(
            "PUBREC with words",
            V5,
            "50 0F 1234 97 0B 1F 0001 72 26 0001 6B 0001 76",
            new Packet.Acknowledgement(
                PacketType.PUBREC, 0x1234, ReasonCode.QUOTA_EXCEEDED, "r", KV)));
  }

  private static Packet ack(PacketType type, ReasonCode reason) {
    return Packet.Acknowledgement.of(type, 0x1234, reason);
  }

  private static Stream<WireVector> subscriptions() {
    SubscribeRequest plain = SubscribeRequest.plain("a/#", Qos.AT_LEAST_ONCE);
    SubscribeRequest rich =
        new SubscribeRequest("b", Qos.EXACTLY_ONCE, true, true, RetainHandling.DO_NOT_SEND);
    List<ReasonCode> granted = List.of(ReasonCode.GRANTED_QOS_1, ReasonCode.UNSPECIFIED_ERROR);
    List<ReasonCode> removed = List.of(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED);
    return Stream.of(
        client(
            "SUBSCRIBE",
            V3_1_1,
            "82 08 0001 0003 612F23 01",
            new Packet.Subscribe(1, 0, List.of(plain), List.of())),
        client(
            "SUBSCRIBE with everything",
            V5,
            "82 17 0001 0A 0B 8001 26 0001 6B 0001 76 0003 612F23 01 0001 62 2E",
            new Packet.Subscribe(1, 128, List.of(plain, rich), KV)),
        server("SUBACK", V3_1_1, "90 04 0001 01 80", Packet.Suback.of(1, granted)),
        server("SUBACK", V5, "90 05 0001 00 01 80", Packet.Suback.of(1, granted)),
        server(
            "SUBACK with words",
            V5,
            "90 10 0001 0B 1F 0001 72 26 0001 6B 0001 76 01 80",
            new Packet.Suback(1, granted, "r", KV)),
        client(
            "UNSUBSCRIBE",
            V3_1_1,
            "A2 08 0001 0001 61 0001 62",
            new Packet.Unsubscribe(1, List.of("a", "b"), List.of())),
        client(
            "UNSUBSCRIBE with words",
            V5,
            "A2 0D 0001 07 26 0001 6B 0001 76 0001 61",
            new Packet.Unsubscribe(1, List.of("a"), KV)),
        server("UNSUBACK", V3_1_1, "B0 02 0001", Packet.Unsuback.of(1, List.of())),
        server("UNSUBACK", V5, "B0 05 0001 00 00 11", Packet.Unsuback.of(1, removed)),
        server(
            "UNSUBACK with words",
            V5,
            "B0 10 0001 0B 1F 0001 72 26 0001 6B 0001 76 00 11",
            new Packet.Unsuback(1, removed, "r", KV)));
  }

  private static Stream<WireVector> rest() {
    return Stream.of(
        client("PINGREQ", V3_1_1, "C0 00", Packet.Pingreq.INSTANCE),
        server("PINGRESP", V5, "D0 00", Packet.Pingresp.INSTANCE),
        client("DISCONNECT", V3_1_1, "E0 00", Packet.Disconnect.of(ReasonCode.SUCCESS)),
        client("DISCONNECT", V5, "E0 00", Packet.Disconnect.of(ReasonCode.SUCCESS)),
        client(
            "DISCONNECT with will",
            V5,
            "E0 01 04",
            Packet.Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL)),
        client(
            "DISCONNECT with everything",
            V5,
            "E0 12 00 10 1F 0001 72 26 0001 6B 0001 76 11 00000000",
            new Packet.Disconnect(ReasonCode.SUCCESS, 0L, "r", null, KV)),
        server(
            "DISCONNECT to another server",
            V5,
            "E0 06 9D 04 1C 0001 73",
            new Packet.Disconnect(ReasonCode.SERVER_MOVED, null, null, "s", List.of())),
        client(
            "AUTH",
            V5,
            "F0 0F 19 0D 1F 0001 72 15 0002 6D6D 16 0001 01",
            new Packet.Auth(ReasonCode.REAUTHENTICATE, "mm", Hex.buffer("01"), "r", List.of())),
        server(
            "AUTH done",
            V5,
            "F0 06 00 04 15 0001 6D",
            new Packet.Auth(ReasonCode.SUCCESS, "m", null, null, List.of())),
        server("AUTH done, without a word", V5, "F0 00", Packet.Auth.SUCCESS));
  }
}
