package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets that are well-formed and too many, too large or too late. */
class ProtocolAbuseTest extends HostileClientTest {
  private static final int TIMES = 100_000;
  private static final int BATCH = 1_000;

  @ParameterizedTest
  @CsvSource({"V5, true", "V5, false", "V3_1_1, true", "V3_1_1, false"})
  void a_qos_2_id_published_100_000_times_is_delivered_once(
      ProtocolVersion version, boolean durable) {
    ConnectSpec spec = ConnectSpec.of(version, "hostile");
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("subscriber"));
        RawClient hostile = broker.connect(durable ? spec.durable() : spec)) {
      subscriber.subscribe("again", Qos.EXACTLY_ONCE);
      hostile.send(RawClient.publish("again", "once", Qos.EXACTLY_ONCE, 7));
      hostile.expectAck(PacketType.PUBREC, 7);
      subscriber.take("once");
      CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> publishAgain(hostile));
      for (int i = 0; i < TIMES; i++) {
        hostile.expectAck(PacketType.PUBREC, 7);
      }
      Samples.await(flood);
      hostile.ack(PacketType.PUBREL, 7);
      hostile.expectAck(PacketType.PUBCOMP, 7);
      hostile.send(RawClient.publish("again", "and then", Qos.EXACTLY_ONCE, 7));
      hostile.expectAck(PacketType.PUBREC, 7);
      subscriber.take("and then"); // and nothing between the two
      hostile.ack(PacketType.PUBREL, 7);
      hostile.expectAck(PacketType.PUBCOMP, 7);
      hostile.disconnect();
    }
    try (RawClient end = broker.connect(ConnectSpec.v5("hostile"))) {
      end.disconnect();
    }
  }

  private static void publishAgain(RawClient client) {
    Publish again = RawClient.publish("again", "once", Qos.EXACTLY_ONCE, 7);
    Packet[] batch = new Packet[BATCH];
    Arrays.fill(batch, again);
    for (int i = 0; i < TIMES / BATCH; i++) {
      client.sendTogether(batch);
    }
  }

  @Test
  void more_qos_2_ids_than_the_receive_maximum_cost_the_connection() {
    try (RawClient hostile = broker.connect(ConnectSpec.v5("hostile"))) {
      for (int id = 1; id <= 1_025; id++) {
        hostile.send(RawClient.publish("t", "x", Qos.EXACTLY_ONCE, id));
      }
      Packet packet = hostile.next();
      while (packet instanceof Acknowledgement) {
        packet = hostile.next();
      }
      assertThat(packet).isInstanceOf(Disconnect.class);
      assertThat(((Disconnect) packet).reason()).isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
      hostile.expectEnd();
    }
  }

  @Test
  void properties_as_large_as_a_packet_may_be_are_passed_on() {
    int pairs = 100_000;
    int propertyBytes = pairs * 7;
    try (RawClient hostile = broker.connect(ConnectSpec.v5("hostile"));
        RawClient modest = broker.connect(ConnectSpec.v5("modest").maximumPacketBytes(1_000))) {
      hostile.subscribe("large", Qos.AT_MOST_ONCE);
      modest.subscribe("large", Qos.AT_MOST_ONCE);
      String length = varint(7 + varint(propertyBytes).length() / 2 + propertyBytes);
      hostile.sendHex("30" + length + "0005" + "6C61726765" + varint(propertyBytes));
      for (int i = 0; i < pairs / BATCH; i++) {
        hostile.sendHex("26 0001 6B 0001 76".repeat(BATCH));
      }
      assertThat(hostile.expect(Publish.class).properties().userProperties()).hasSize(pairs);
      modest.ping(); // it was too large for this one
    }
  }

  @Test
  void properties_that_come_byte_by_byte_are_no_more_than_bytes() {
    try (RawClient hostile = broker.connect(ConnectSpec.v5("hostile"))) {
      int bytes = 5_000;
      hostile.sendHex("30" + varint(3 + 2 + bytes) + "0001 61" + varint(bytes));
      for (int i = 0; i < bytes - 1; i++) {
        hostile.sendHex("26"); // never a whole property in the end
      }
      bystanders.awaitServed(10);
      hostile.sendHex("26");
      hostile.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    }
  }

  @Test
  void properties_beyond_the_largest_packet_are_not_waited_for() {
    try (RawClient hostile = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      hostile.sendHex("10 FF FF FF 7F 0004 4D515454 05 02 003C FA FF FF 7F");
      Packet answer = hostile.nextOrEnd();
      if (answer != null) { // where the version was known already
        assertThat(answer).isInstanceOf(Connack.class);
        assertThat(((Connack) answer).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        hostile.expectEnd();
      }
    }
  }

  @Test
  void acknowledgements_of_nothing_cost_nothing() {
    try (RawClient hostile = broker.connect(ConnectSpec.v5("hostile").durable())) {
      for (int id = 1; id <= 65_535; id += 13) {
        hostile.sendTogether(
            Acknowledgement.of(PacketType.PUBACK, id, ReasonCode.SUCCESS),
            Acknowledgement.of(PacketType.PUBCOMP, id, ReasonCode.SUCCESS));
      }
      hostile.ack(PacketType.PUBREL, 1);
      assertThat(hostile.expectAck(PacketType.PUBCOMP, 1).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      hostile.ack(PacketType.PUBREC, 1);
      assertThat(hostile.expectAck(PacketType.PUBREL, 1).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      hostile.ping();
    }
  }

  /** 70,000 deliveries, with a part unacknowledged all the time and a reconnect now and then. */
  @Test
  void packet_ids_start_over_on_a_resumed_session() {
    int messages = 70_000;
    int window = 50;
    ConnectSpec spec = ConnectSpec.v5("wrapping").durable();
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      RawClient subscriber = broker.connect(spec);
      subscriber.subscribe("wrap", Qos.AT_LEAST_ONCE);
      Queue<Integer> unacknowledged = new ArrayDeque<>();
      for (int i = 0; i < messages; i++) {
        publisher.send(RawClient.publish("wrap", "m" + i, Qos.AT_LEAST_ONCE, i % 65_535 + 1));
        publisher.expect(Acknowledgement.class);
        int id = subscriber.expectPublish("m" + i).packetId();
        assertThat(unacknowledged).doesNotContain(id);
        unacknowledged.add(id);
        if (unacknowledged.size() > window) {
          subscriber.ack(PacketType.PUBACK, unacknowledged.remove());
        }
        if (i == 65_530 || i == 65_560) {
          subscriber.close();
          broker.awaitConnections(bystanders.count() + 1);
          subscriber = broker.connect(spec);
          expectAgain(subscriber, i, unacknowledged);
        }
      }
      subscriber.close();
    }
    try (RawClient end = broker.connect(ConnectSpec.v5("wrapping"))) {
      end.disconnect();
    }
  }

  /** What was not acknowledged comes again, under its id; what was, may. */
  private static void expectAgain(RawClient client, int last, Queue<Integer> unacknowledged) {
    Publish again = client.expect(Publish.class);
    while (!unacknowledged.peek().equals(again.packetId())) {
      assertThat(again.dup()).isTrue();
      client.ack(PacketType.PUBACK, again.packetId());
      again = client.expect(Publish.class);
    }
    for (int id : unacknowledged) {
      assertThat(again.packetId()).isEqualTo(id);
      assertThat(again.dup()).isTrue();
      if (!again.payload().toString().equals("m" + last)) {
        again = client.expect(Publish.class);
      }
    }
  }

  private static String varint(int value) {
    StringBuilder hex = new StringBuilder();
    int rest = value;
    while (rest >= 0x80) {
      hex.append("%02X".formatted(rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    return hex.append("%02X".formatted(rest)).toString();
  }
}
