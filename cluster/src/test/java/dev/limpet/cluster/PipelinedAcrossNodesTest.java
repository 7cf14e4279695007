package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A neighbour of issue 7, item 2, on two nodes: what a client sends in one write with a SUBSCRIBE
 * or UNSUBSCRIBE is handled as if that one had been finished, at home and away.
 * PipelinedPacketsTest of the broker has the schedules.
 */
class PipelinedAcrossNodesTest {
  private static final int ROUNDS = 20;
  private static final String TOPIC = "own";
  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static Stream<Arguments> cases() {
    return IntStream.range(0, 24)
        .mapToObj(
            i ->
                Arguments.of(
                    (i & 1) == 0 ? ProtocolVersion.V3_1_1 : ProtocolVersion.V5,
                    i >> 1 & 1,
                    (i & 4) == 0,
                    Qos.values()[i / 8]));
  }

  /**
   * @param home of the client, who is connected to node 0
   */
  @ParameterizedTest(name = "{0}, home {1}, durable {2}, {3}")
  @MethodSource("cases")
  void a_client_gets_its_own_messages_from_SUBSCRIBE_to_UNSUBSCRIBE(
      ProtocolVersion version, int home, boolean durable, Qos qos) {
    ConnectSpec spec =
        ConnectSpec.of(version, HomeIds.at(cluster, home, "pipeline-" + ids++ + "-"));
    try (RawClient client = connect(durable ? spec.durable() : spec)) {
      for (int round = 0; round < ROUNDS; round++) {
        System.err.println("ROUND " + version + home + durable + qos + round);
        client.sendTogether(
            message("before", qos, 1),
            new Subscribe(2, 0, List.of(SubscribeRequest.plain(TOPIC, qos)), List.of()),
            message("in", qos, 3));
        assertThat(texts(client, qos, "in", 2)).containsExactly("in");
        client.sendTogether(
            message("last", qos, 4),
            new Unsubscribe(5, List.of(TOPIC), List.of()),
            message("after", qos, 6));
        assertThat(texts(client, qos, "last", 2)).containsExactly("last");
        assertThat(client.takeBeforePing()).isEmpty();
      }
      client.disconnect();
    }
  }

  private static Packet message(String text, Qos qos, int packetId) {
    return RawClient.publish(TOPIC, text, qos, qos.isAcknowledged() ? packetId : 0);
  }

  /**
   * The texts that come up to an answer to SUBSCRIBE or UNSUBSCRIBE, a text and the end of so many
   * publications of the client's own, whichever comes last.
   */
  private static List<String> texts(RawClient client, Qos qos, String last, int own) {
    List<String> texts = new ArrayList<>();
    boolean answered = false;
    int left = qos.isAcknowledged() ? own : 0;
    int toRelease = 0;
    while (!answered || left > 0 || toRelease > 0 || !texts.contains(last)) {
      Packet packet = client.next();
      if (packet instanceof Publish publish) {
        texts.add(publish.payload().toString());
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
          client.ack(PacketType.PUBACK, publish.packetId());
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
          client.ack(PacketType.PUBREC, publish.packetId());
          toRelease++;
        }
      } else if (packet instanceof Packet.Acknowledgement ack) {
        switch (ack.type()) {
          case PUBREC -> client.ack(PacketType.PUBREL, ack.packetId());
          case PUBREL -> {
            client.ack(PacketType.PUBCOMP, ack.packetId());
            toRelease--;
          }
          default -> left--;
        }
      } else {
        answered = true;
      }
    }
    return texts;
  }

  /** Hundreds of SUBSCRIBEs at once are not hundreds of round trips one after the other. */
  @Test
  void many_subscriptions_at_once_are_answered_in_order() {
    Packet[] packets =
        IntStream.rangeClosed(1, 500)
            .mapToObj(
                i ->
                    new Subscribe(
                        i,
                        0,
                        List.of(SubscribeRequest.plain("many/" + i, Qos.AT_LEAST_ONCE)),
                        List.of()))
            .toArray(Packet[]::new);
    for (int home = 0; home < 2; home++) {
      for (boolean durable : new boolean[] {true, false}) {
        ConnectSpec spec = ConnectSpec.v5(HomeIds.at(cluster, home, "pipeline-" + ids++ + "-"));
        try (RawClient client = connect(durable ? spec.durable() : spec)) {
          client.sendTogether(packets);
          for (int i = 1; i <= packets.length; i++) {
            assertThat(client.expect(Suback.class).packetId()).isEqualTo(i);
          }
        }
      }
    }
  }

  private static RawClient connect(ConnectSpec spec) {
    return RawClient.connect(cluster.node(0).directPort(), spec);
  }

  private static int ids;
}
