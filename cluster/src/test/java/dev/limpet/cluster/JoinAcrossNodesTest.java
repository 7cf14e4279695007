package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 7, item 2, on two nodes: a client subscribes while another one counts up, retained. The
 * schedules are chance here; RetainedJoinTest of the broker runs all of them.
 */
class JoinAcrossNodesTest {
  private static final int ROUNDS = 40;
  private static final int NUMBERS = 4;
  private static EmbeddedCluster cluster;
  private static int topics;

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
        .mapToObj(i -> Arguments.of(i & 1, (i & 2) == 0, (i & 4) == 0, Qos.values()[i / 8]));
  }

  /**
   * @param home of the subscriber, who is connected to node 0
   * @param across whether the publisher is connected to node 1
   */
  @ParameterizedTest
  @MethodSource("cases")
  void numbers_rise_and_the_last_one_comes_last(
      int home, boolean durable, boolean across, Qos qos) {
    try (RawClient publisher = connect(across ? 1 : 0, ConnectSpec.v5("counter"))) {
      for (int round = 0; round < ROUNDS; round++) {
        String topic = "count/" + topics++;
        ConnectSpec spec = ConnectSpec.v5(HomeIds.at(cluster, home, topic + "-"));
        try (RawClient subscriber = connect(0, durable ? spec.durable() : spec)) {
          count(publisher, topic, qos, 1, 1 + round % NUMBERS);
          SubscribeRequest request = SubscribeRequest.plain(topic, Qos.EXACTLY_ONCE);
          subscriber.send(new Subscribe(1, 0, List.of(request), List.of()));
          count(publisher, topic, qos, 1 + round % NUMBERS, NUMBERS + 1);
          assertThat(numbers(subscriber)).isSorted().doesNotHaveDuplicates().endsWith(NUMBERS);
          subscriber.ping();
          subscriber.disconnect();
        }
        finish(publisher, qos);
      }
    }
  }

  private static void count(RawClient publisher, String topic, Qos qos, int from, int to) {
    for (int i = from; i < to; i++) {
      int packetId = qos.isAcknowledged() ? i : 0;
      publisher.send(RawClient.publish(topic, Integer.toString(i), qos, packetId, true));
    }
  }

  /** All there are, up to the last one and SUBACK, whichever comes later. */
  private static List<Integer> numbers(RawClient subscriber) {
    List<Integer> numbers = new ArrayList<>();
    boolean acknowledged = false;
    while (!acknowledged || numbers.isEmpty() || numbers.get(numbers.size() - 1) != NUMBERS) {
      Packet packet = subscriber.next();
      if (packet instanceof Publish publish) {
        numbers.add(Integer.valueOf(publish.payload().toString()));
        acknowledge(subscriber, publish);
      } else {
        assertThat(packet).isInstanceOf(Suback.class);
        acknowledged = true;
      }
    }
    return numbers;
  }

  private static void acknowledge(RawClient subscriber, Publish publish) {
    if (publish.qos() == Qos.AT_LEAST_ONCE) {
      subscriber.ack(PacketType.PUBACK, publish.packetId());
    } else if (publish.qos() == Qos.EXACTLY_ONCE) {
      // An error ends the delivery at once, so that nothing is left to be seen through.
      subscriber.send(
          Packet.Acknowledgement.of(
              PacketType.PUBREC, publish.packetId(), ReasonCode.UNSPECIFIED_ERROR));
    }
  }

  /** Sees through what the publisher has under way. */
  private static void finish(RawClient publisher, Qos qos) {
    for (int left = qos.isAcknowledged() ? NUMBERS : 0; left > 0; left--) {
      Packet.Acknowledgement answer = publisher.expect(Packet.Acknowledgement.class);
      if (qos == Qos.EXACTLY_ONCE) {
        publisher.ack(PacketType.PUBREL, answer.packetId());
      }
    }
    for (int left = qos == Qos.EXACTLY_ONCE ? NUMBERS : 0; left > 0; left--) {
      assertThat(publisher.expect(Packet.Acknowledgement.class).type())
          .isEqualTo(PacketType.PUBCOMP);
    }
  }

  private static RawClient connect(int node, ConnectSpec spec) {
    return RawClient.connect(cluster.node(node).directPort(), spec);
  }
}
