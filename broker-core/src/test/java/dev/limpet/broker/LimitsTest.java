package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is too long, too deep or too much is refused with the right reason, and counted. */
class LimitsTest {
  private static final int CLIENT_ID_BYTES_MAX = 30;
  private static final int TOPIC_BYTES_MAX = 40;
  private static final int TOPIC_LEVELS_MAX = 5;
  private static final int FILTERS_MAX = 3;
  private static final int SESSIONS_MAX = 2;
  private static TestBroker broker;

  @BeforeAll
  static void start() {
    PacketLimits packets =
        PacketLimits.builder()
            .connectBytesMax(200)
            .clientIdBytesMax(CLIENT_ID_BYTES_MAX)
            .topicBytesMax(TOPIC_BYTES_MAX)
            .topicLevelsMax(TOPIC_LEVELS_MAX)
            .filtersPerPacketMax(FILTERS_MAX)
            .build();
    NodeLimits node =
        NodeLimits.builder()
            .sessionsMax(SESSIONS_MAX)
            .sendQueueMessagesMax(1_000)
            .sendQueueBytesMax(1 << 20)
            .socketBytesMax(1 << 30)
            .inboxMessagesMax(100)
            .inboxBytesMax(2_000)
            .retainedBytesMax(1 << 20)
            .memoryCeilingBytes(Long.MAX_VALUE / 2)
            .build();
    BrokerOptions options =
        BrokerOptions.builder()
            .connection(ConnectionOptions.builder().packets(packets).build())
            .node(node)
            .build();
    broker = new TestBroker.Setup().options(options).start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void a_client_id_of_the_greatest_length_is_taken_and_no_longer_one() {
    broker.connect(ConnectSpec.v5("x".repeat(CLIENT_ID_BYTES_MAX))).close();
    double before = refused(Limit.CLIENT_ID_BYTES_MAX);
    for (ProtocolVersion version : ProtocolVersion.values()) {
      expectRefusal(version, "x".repeat(CLIENT_ID_BYTES_MAX + 1));
      expectRefusal(version, "ü".repeat(CLIENT_ID_BYTES_MAX / 2 + 1)); // bytes count
    }
    assertThat(refused(Limit.CLIENT_ID_BYTES_MAX))
        .isEqualTo(before + 2 * ProtocolVersion.values().length);
  }

  private static void expectRefusal(ProtocolVersion version, String clientId) {
    try (RawClient client = RawClient.open(broker.port(), version)) {
      client.send(new Connect(ConnectSpec.of(version, clientId).request()));
      Connack answer = client.expect(Connack.class);
      assertThat(answer.reason().connackReturnCode())
          .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID.connackReturnCode());
      if (version.isV5()) {
        assertThat(answer.reason()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      }
      client.expectEnd();
    }
  }

  @Test
  void a_connect_that_is_too_large_is_refused_before_all_of_it_has_come() {
    double before = refused(Limit.CONNECT_BYTES_MAX);
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.sendHex("10 C8 01 00 04 4D 51 54 54 05 02"); // 203 bytes, the rest never comes
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
      client.expectEnd();
    }
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      client.sendHex("10 C8 01 00 04 4D 51 54 54 04 02");
      client.expectEnd(); // 3.1.1 has no code for it
    }
    assertThat(refused(Limit.CONNECT_BYTES_MAX)).isEqualTo(before + 2);
  }

  @Test
  void a_topic_too_long_or_too_deep_costs_its_publisher_the_connection() {
    expectTopicRefused("x".repeat(TOPIC_BYTES_MAX + 1), Limit.TOPIC_BYTES_MAX);
    expectTopicRefused("ü".repeat(TOPIC_BYTES_MAX / 2 + 1), Limit.TOPIC_BYTES_MAX);
    expectTopicRefused("/".repeat(TOPIC_LEVELS_MAX), Limit.TOPIC_LEVELS_MAX);
    try (RawClient client = broker.connect(ConnectSpec.v5("publisher"))) {
      client.publish("x".repeat(TOPIC_BYTES_MAX), "x");
      client.publish("/".repeat(TOPIC_LEVELS_MAX - 1), "x");
    }
  }

  private static void expectTopicRefused(String topic, Limit limit) {
    double before = refused(limit);
    try (RawClient client = broker.connect(ConnectSpec.v5("publisher"))) {
      client.send(RawClient.publish(topic, "x", Qos.AT_MOST_ONCE, 0));
      client.expectDisconnect(ReasonCode.TOPIC_NAME_INVALID);
    }
    assertThat(refused(limit)).isEqualTo(before + 1);
  }

  @Test
  void a_v5_client_is_told_which_bound_its_filter_or_topic_breaks() {
    try (RawClient client = broker.connect(ConnectSpec.v5("subscriber"))) {
      assertThat(wordsOfSuback(client, "x".repeat(41), "+/+/+/+/+/+", "a#"))
          .isEqualTo(
              "filter 1: topic filter invalid (beyond topic-bytes-max, which is 40), filter 2:"
                  + " topic filter invalid (beyond topic-levels-max, which is 5), filter 3: topic"
                  + " filter invalid");
      assertThat(wordsOfSuback(client, "a", "b", "c", "d"))
          .isEqualTo("filter 4: quota exceeded (beyond filters-per-packet-max, which is 3)");
      client.send(RawClient.publish("x".repeat(41), "x", Qos.AT_MOST_ONCE, 0));
      assertThat(client.expect(Disconnect.class).reasonString())
          .isEqualTo("a topic beyond topic-bytes-max, which is 40");
    }
  }

  private static @Nullable String wordsOfSuback(RawClient client, String... filters) {
    List<SubscribeRequest> requests = Stream.of(filters).map(LimitsTest::plain).toList();
    client.send(new Subscribe(client.nextPacketId(), 0, requests, List.of()));
    return client.expect(Suback.class).reasonString();
  }

  @Test
  void a_filter_too_long_or_too_deep_is_refused_alone() {
    try (RawClient client = broker.connect(ConnectSpec.v5("subscriber"))) {
      assertThat(
              client.subscribe(0, plain("x".repeat(41)), plain("+/+/+/+/+/+"), plain("+/+/+/+/#")))
          .containsExactly(
              ReasonCode.TOPIC_FILTER_INVALID, ReasonCode.TOPIC_FILTER_INVALID, ReasonCode.SUCCESS);
    }
    try (RawClient client = broker.connect(ConnectSpec.v3("subscriber"))) {
      assertThat(client.subscribe(0, plain("x".repeat(41))))
          .containsExactly(ReasonCode.UNSPECIFIED_ERROR);
    }
  }

  @Test
  void of_a_subscribe_with_too_many_filters_those_within_the_bound_are_granted() {
    double before = refused(Limit.FILTERS_PER_PACKET_MAX);
    try (RawClient client = broker.connect(ConnectSpec.v5("subscriber"))) {
      List<ReasonCode> reasons =
          new ArrayList<>(Collections.nCopies(FILTERS_MAX, ReasonCode.SUCCESS));
      reasons.add(ReasonCode.QUOTA_EXCEEDED);
      assertThat(client.subscribe(0, filters(FILTERS_MAX + 1))).isEqualTo(reasons);
      assertThat(client.subscribe(0, filters(FILTERS_MAX))).containsOnly(ReasonCode.SUCCESS);
    }
    assertThat(refused(Limit.FILTERS_PER_PACKET_MAX)).isEqualTo(before + 1);
  }

  @Test
  void one_durable_session_too_many_is_refused_and_leaves_nothing_behind() {
    for (int i = 0; i < SESSIONS_MAX; i++) {
      broker.connect(ConnectSpec.v5("kept" + i).durable()).close();
    }
    broker.awaitConnections(0);
    for (int i = 0; i < 20; i++) {
      expectQuota(ConnectSpec.v5("random" + i).durable(), ReasonCode.QUOTA_EXCEEDED);
      assertThat(broker.isKnown("random" + i)).isFalse();
    }
    expectQuota(ConnectSpec.v3("random").durable(), ReasonCode.SERVER_UNAVAILABLE);
    assertThat(broker.broker().durableSessionCount()).isEqualTo(SESSIONS_MAX);
    assertThat(refused(Limit.SESSIONS_MAX)).isEqualTo(21);

    broker.connect(ConnectSpec.v5("transient")).close(); // who asks for none gets in
    broker.connect(ConnectSpec.v5("kept0").durable()).close(); // and who has one
    broker.connect(ConnectSpec.v5("kept1")).close(); // and who gives one up makes room
    await().until(() -> broker.broker().durableSessionCount() == SESSIONS_MAX - 1);
    broker.connect(ConnectSpec.v5("random").durable()).close();
    await().untilAsserted(() -> assertThat(broker.isKnown("random")).isTrue());
    for (String id : new String[] {"kept0", "random"}) {
      broker.connect(ConnectSpec.v5(id)).close();
    }
    await().until(() -> broker.broker().durableSessionCount() == 0);
  }

  private static void expectQuota(ConnectSpec spec, ReasonCode reason) {
    try (RawClient client = RawClient.open(broker.port(), spec.version())) {
      client.send(new Connect(spec.request()));
      ReasonCode told = client.expect(Connack.class).reason();
      assertThat(told.connackReturnCode()).isEqualTo(reason.connackReturnCode());
      if (spec.version().isV5()) {
        assertThat(told).isEqualTo(reason);
      }
      client.expectEnd();
    }
  }

  @Test
  void all_send_queues_together_hold_no_more_than_the_node_may() {
    String large = "x".repeat(60_000);
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"));
        RawClient one = slow("one");
        RawClient two = slow("two")) {
      double before = nodeRefused(); // by other tests, with the same broker
      while (nodeRefused() == before) { // each alone might hold 16 MiB
        publisher.publish("flood", large, Qos.AT_MOST_ONCE);
        publisher.ping();
      }
      assertThat(broker.gauge("limpet.queues.bytes")).isBetween(500_000.0, 1_100_000.0);
      one.close();
      two.expect(Publish.class);
    }
    await().untilAsserted(() -> assertThat(broker.gauge("limpet.queues.bytes")).isLessThan(70_000));
  }

  @Test
  void all_inboxes_together_hold_no_more_than_the_node_may() {
    NodeLimits five =
        NodeLimits.builder()
            .sessionsMax(10)
            .sendQueueMessagesMax(100)
            .sendQueueBytesMax(1 << 20)
            .socketBytesMax(1 << 30)
            .inboxMessagesMax(5)
            .inboxBytesMax(1 << 20)
            .retainedBytesMax(1 << 20)
            .memoryCeilingBytes(1L << 40)
            .build();
    try (TestBroker small =
            new TestBroker.Setup().options(BrokerOptions.builder().node(five).build()).start();
        RawClient publisher = small.connect(ConnectSpec.v5("publisher"))) {
      for (String id : new String[] {"one", "two"}) {
        try (RawClient away = small.connect(ConnectSpec.v5(id).durable())) {
          away.subscribe(id, Qos.AT_LEAST_ONCE);
          away.disconnect();
        }
      }
      List<ReasonCode> told = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        told.add(publisher.publish("one", "m" + i));
        told.add(publisher.publish("two", "m" + i));
      }
      assertThat(told.subList(0, 5)).containsOnly(ReasonCode.SUCCESS);
      assertThat(told.subList(5, 8)).containsOnly(ReasonCode.QUOTA_EXCEEDED); // nothing is lost
      assertThat(small.inboxDepth("one")).isEqualTo(3);
      assertThat(small.inboxDepth("two")).isEqualTo(2);
      assertThat(small.gauge("limpet.inboxes.messages")).isEqualTo(5);
      try (RawClient back = small.connect(ConnectSpec.v5("one").durable())) {
        back.take(3);
        await().until(() -> small.gauge("limpet.inboxes.messages") == 2);
      }
      publisher.publish("two", "next");
      assertThat(small.inboxDepth("two")).isEqualTo(3);
      small.connect(ConnectSpec.v5("two")).close(); // gives the session up, and its inbox
      await().until(() -> small.gauge("limpet.inboxes.messages") == 0);
      assertThat(small.gauge("limpet.inboxes.bytes")).as("of the session of one").isLessThan(2_000);
    }
  }

  private static RawClient slow(String id) {
    RawClient client = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
    client.connect(ConnectSpec.v5(id));
    client.subscribe("flood", Qos.AT_MOST_ONCE);
    return client;
  }

  private static double nodeRefused() {
    return broker
        .registry
        .get("limpet.queues.refused")
        .tag("limit", "node-send-queue-bytes-max")
        .functionCounter()
        .count();
  }

  private static SubscribeRequest plain(String filter) {
    return SubscribeRequest.plain(filter, Qos.AT_MOST_ONCE);
  }

  private static SubscribeRequest[] filters(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> plain("f/" + i))
        .toArray(SubscribeRequest[]::new);
  }

  private static double refused(Limit limit) {
    return broker.count("limpet.refused", "limit", limit.key());
  }
}
