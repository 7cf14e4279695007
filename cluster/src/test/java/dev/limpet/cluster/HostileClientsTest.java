package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.unbreakable.Bystanders;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile clients do to others through the sticky ports, here and relayed: nothing. */
class HostileClientsTest {
  private static EmbeddedCluster cluster;
  private final List<Bystanders> bystanders = new ArrayList<>();

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void begin() {
    cluster.nodes().forEach(node -> bystanders.add(new Bystanders(node.stickyPort())));
  }

  @AfterEach
  void everybody_else_was_served() {
    bystanders.forEach(Bystanders::close);
  }

  private static RawClient open(int node, ProtocolVersion version) {
    return RawClient.open(cluster.node(node).stickyPort(), version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 05 0001 61 78 79",
        "C0 00",
        "00 00",
        "16 03 01 00 05",
        "47 45 54 20 2F",
        "10 FF FF FF FF 7F",
        "11 0D 0004 4D515454 04 02 003C 0001 61",
        "50 52 4F 58 59 20 54 43 50 34 20", // a PROXY header nobody asked for
      })
  void what_is_no_connect_is_closed_without_an_answer(String hex) {
    for (int node = 0; node < 2; node++) {
      try (RawClient hostile = open(node, ProtocolVersion.V5)) {
        hostile.sendHex(hex);
        hostile.expectEnd();
      }
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "MALFORMED_PACKET, 10 0F 0004 4D515454 05 02 003C 00 0002 C080, a binary client id",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 03 003C 00 0001 61, the reserved flag",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 02 003C 00 FFFF 61, an id beyond its packet",
    "MALFORMED_PACKET, 10 0E 0004 4D515454 05 02 003C 7F 0001 61, properties beyond their packet",
    "TOPIC_NAME_INVALID, 10 14 0004 4D515454 05 06 003C 00 0001 61 00 0001 23 0000, a will to #",
    "UNSUPPORTED_PROTOCOL_VERSION, 10 0E 0004 4D515454 06 02 003C 00 0001 61, level 6",
    "PACKET_TOO_LARGE, 10 FF FF FF 7F 0004 4D515454 05 02 003C FF FF FF 7F, 268 MB",
  })
  void a_connect_that_is_wrong_is_refused_by_reason(ReasonCode reason, String hex, String name) {
    for (int node = 0; node < 2; node++) {
      try (RawClient hostile = open(node, ProtocolVersion.V5)) {
        hostile.sendHex(hex);
        assertThat(hostile.expect(Connack.class).reason()).isEqualTo(reason);
        hostile.expectEnd();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PROTOCOL_ERROR, 10 0E 0004 4D515454 05 02 003C 00 0001 61",
    "PROTOCOL_ERROR, 20 03 00 00 00",
    "MALFORMED_PACKET, 30 FF FF FF FF 7F",
    "PACKET_TOO_LARGE, 30 FF FF FF 7F",
    "PROTOCOL_ERROR, 32 06 0001 61 0000 00",
    "TOPIC_NAME_INVALID, 30 06 0003 612F23 00",
  })
  void packets_that_are_wrong_cost_the_connection_at_home_and_relayed(
      ReasonCode reason, String hex) {
    for (int i = 0; i < 6; i++) { // some of them at home, some elsewhere
      try (RawClient hostile = open(i % 2, ProtocolVersion.V5)) {
        hostile.connect(ConnectSpec.v5("hostile-" + i));
        hostile.sendHex(hex);
        hostile.expectDisconnect(reason);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "/", "$share/g/x", "\u0001", "\ufeff\ud83d\ude00"})
  void a_client_id_is_a_name_on_both_nodes(String id) {
    try (RawClient older = open(0, ProtocolVersion.V5);
        RawClient newer = open(1, ProtocolVersion.V5)) {
      older.connect(ConnectSpec.v5(id));
      newer.connect(ConnectSpec.v5(id));
      older.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      newer.ping();
    }
  }

  @Test
  void a_thousand_half_open_handshakes_keep_nobody_out() {
    List<RawClient> halfOpen = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      RawClient client = open(i % 2, ProtocolVersion.V5);
      client.sendHex("10 20 0004 4D51");
      halfOpen.add(client);
    }
    bystanders.forEach(each -> each.awaitServed(5));
    try (RawClient newcomer = open(0, ProtocolVersion.V5)) {
      newcomer.connect(ConnectSpec.v5("newcomer"));
      newcomer.ping();
    }
    halfOpen.forEach(RawClient::close);
  }

  @Test
  void one_that_floods_and_never_reads_holds_up_nobody() {
    List<RawClient> hostile = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RawClient client = RawClient.openNarrow(cluster.node(i % 2).stickyPort(), ProtocolVersion.V5);
      client.connect(ConnectSpec.v5("deaf-" + i));
      client.subscribe("deaf", Qos.AT_MOST_ONCE);
      hostile.add(client);
    }
    try (RawClient publisher = open(0, ProtocolVersion.V5)) {
      publisher.connect(ConnectSpec.v5("publisher"));
      String large = "x".repeat(10_000);
      for (int i = 0; i < 2_000; i++) {
        publisher.send(RawClient.publish("deaf", large, Qos.AT_LEAST_ONCE, i + 1));
        publisher.expectAck(PacketType.PUBACK, i + 1);
      }
      publisher.send(Packet.Pingreq.INSTANCE);
      publisher.expect(Packet.Pingresp.class);
    }
    bystanders.forEach(each -> each.awaitServed(5));
    hostile.forEach(RawClient::close);
  }
}
