package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics, filters and client ids at and beyond what is sane. */
class TopicsAndNamesTest extends HostileClientTest {
  private static final int BYTES_MAX = 65_535;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$share/",
        "$share//x",
        "$share/g",
        "$share/+/x",
        "$share/g/a#",
        "a/#/b",
        "a+",
        "+a",
        "#/"
      })
  void a_filter_that_is_none_is_refused_and_no_more(String filter) {
    try (RawClient v5 = broker.connect(ConnectSpec.v5("hostile"));
        RawClient v3 = broker.connect(ConnectSpec.v3("hostile-too"))) {
      assertThat(v5.subscribe(filter, Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
      assertThat(v3.subscribe(filter, Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.UNSPECIFIED_ERROR);
      v5.ping();
      v3.ping();
    }
  }

  private static String deep(String level) {
    return (level + '/').repeat(9_999) + level;
  }

  /** A broker that takes whatever the protocol allows. */
  private static TestBroker withoutLimits() {
    ConnectionOptions connection = ConnectionOptions.builder().packets(PacketLimits.NONE).build();
    BrokerOptions options = BrokerOptions.builder().connection(connection).build();
    return new TestBroker.Setup().options(options).start();
  }

  @Test
  void topics_of_10_000_levels_and_of_65_535_bytes_are_refused() {
    for (String topic : new String[] {deep("a"), "t".repeat(BYTES_MAX)}) {
      try (RawClient client = broker.connect(ConnectSpec.v5("hostile"))) {
        assertThat(client.subscribe(topic, Qos.AT_LEAST_ONCE))
            .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        client.send(RawClient.publish(topic, "x", Qos.AT_MOST_ONCE, 0));
        Packet goodbye = client.next();
        assertThat(goodbye).isInstanceOf(Disconnect.class);
        assertThat(((Disconnect) goodbye).reason()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
      }
    }
  }

  @Test
  void topics_of_10_000_levels_and_of_65_535_bytes_are_topics_where_they_may_be() {
    try (TestBroker generous = withoutLimits();
        RawClient client = generous.connect(ConnectSpec.v5("hostile"))) {
      for (String topic : new String[] {deep("a"), "t".repeat(BYTES_MAX)}) {
        client.subscribe(topic, Qos.AT_LEAST_ONCE);
        client.subscribe(deep("+"), Qos.AT_LEAST_ONCE);
        client.send(RawClient.publish(topic, "x", Qos.AT_MOST_ONCE, 0));
        client.expectPublish("x");
      }
    }
  }

  @Test
  void many_filters_of_many_wildcards_cost_a_publish_little() {
    try (TestBroker generous = withoutLimits();
        RawClient client = generous.connect(ConnectSpec.v5("hostile"))) {
      // All mixtures of a level and a wildcard, of which one topic matches every one.
      for (int bits = 0; bits < 1 << 10; bits++) {
        StringBuilder filter = new StringBuilder();
        for (int i = 0; i < 10; i++) {
          filter.append((bits >>> i & 1) == 0 ? "a/" : "+/");
        }
        client.subscribe(filter.append('#').toString(), Qos.AT_MOST_ONCE);
      }
      client.send(RawClient.publish("a/".repeat(5_000) + "a", "x", Qos.AT_MOST_ONCE, 0));
      client.expectPublish("x"); // once for all [MQTT-3.3.4-2]
      client.ping();
    }
  }

  @Test
  void publications_that_match_thousands_of_filters_keep_nobody_waiting() {
    try (RawClient hostile = broker.connect(ConnectSpec.v5("hostile"))) {
      for (int bits = 0; bits < 1 << 12; bits += 512) {
        hostile.subscribe(0, mixtures(bits, bits + 512));
      }
      Packet[] batch = new Packet[4_000]; // seconds of work
      for (int i = 0; i < batch.length - 1; i++) {
        batch[i] = RawClient.publish("a/".repeat(12) + i, "x", Qos.AT_MOST_ONCE, 0);
      }
      batch[batch.length - 1] = Packet.Pingreq.INSTANCE;
      hostile.sendTogether(batch);
      hostile.expectPublish("x");
      CompletableFuture<Void> done =
          CompletableFuture.runAsync(
              () -> {
                while (hostile.next() != Packet.Pingresp.INSTANCE) {}
              });
      bystanders.awaitServed(5);
      assertThat(done).isNotDone();
      done.join();
    }
  }

  /** Filters of twelve levels and what is below; each bit is a level or a wildcard. */
  private static SubscribeRequest[] mixtures(int from, int end) {
    return IntStream.range(from, end)
        .mapToObj(
            bits ->
                IntStream.range(0, 12)
                    .mapToObj(i -> (bits >>> i & 1) == 0 ? "a/" : "+/")
                    .collect(Collectors.joining("", "", "#")))
        .map(filter -> SubscribeRequest.plain(filter, Qos.AT_MOST_ONCE))
        .toArray(SubscribeRequest[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+", "#", "/", "$SYS", "$share/g/x", "a b", "\u0001\u007f", "\ufeff\ud83d\ude00"})
  void a_client_id_is_a_name_whatever_it_looks_like(String id) {
    try (RawClient hostile = broker.connect(ConnectSpec.v5(id))) {
      hostile.subscribe(id.equals("+") || id.equals("#") ? "own" : "own/x", Qos.AT_MOST_ONCE);
      bystanders.awaitServed(10); // whatever they publish is not for this one
      hostile.ping();
      try (RawClient same = broker.connect(ConnectSpec.v5(id))) {
        hostile.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        same.ping();
      }
    }
  }

  @Test
  void a_client_id_of_65_535_bytes_is_refused() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(ConnectSpec.v5("i".repeat(BYTES_MAX)).request()));
      assertThat(client.expect(Connack.class).reason())
          .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      client.expectEnd();
    }
  }

  @Test
  void a_client_id_of_65_535_bytes_is_a_name_where_it_may_be() {
    String id = "i".repeat(BYTES_MAX);
    try (TestBroker generous = withoutLimits()) {
      try (RawClient client = generous.connect(ConnectSpec.v5(id).durable())) {
        client.subscribe("long", Qos.AT_LEAST_ONCE);
        client.publish("long", "x");
        client.take("x");
        client.disconnect();
      }
      try (RawClient back = generous.connect(ConnectSpec.v3(id).durable())) {
        back.publish("long", "y");
        back.take("y");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C080", "FFFE", "0061", "EDA080", "80"})
  void a_binary_client_id_is_malformed(String bytes) {
    String id = "%04X".formatted(bytes.length() / 2) + bytes;
    int length = 11 + id.length() / 2;
    try (RawClient v5 = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient v3 = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      v5.sendHex("10 %02X 0004 4D515454 05 02 003C 00".formatted(length) + id);
      assertThat(v5.expect(Connack.class).reason()).isEqualTo(ReasonCode.MALFORMED_PACKET);
      v5.expectEnd();
      v3.sendHex("10 %02X 0004 4D515454 04 02 003C".formatted(length - 1) + id);
      v3.expectEnd();
    }
  }
}
