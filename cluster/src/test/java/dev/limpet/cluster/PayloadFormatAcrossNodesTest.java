package dev.limpet.cluster;

import static dev.limpet.broker.wire.Formatted.publish;
import static dev.limpet.broker.wire.Formatted.will;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 7, item 5, on every way between two nodes: peer links, an inbox whose home is elsewhere,
 * the cluster's retained store, and a will. The kind is a default that was said.
 */
class PayloadFormatAcrossNodesTest {
  private static final Disconnect END =
      new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of());
  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static RawClient connect(int node, ConnectSpec spec) {
    return RawClient.connect(cluster.node(node).directPort(), spec);
  }

  @ParameterizedTest
  @EnumSource
  void live_and_inbox_subscribers_elsewhere_see_what_was_sent(PayloadFormat format) {
    ConnectSpec away = ConnectSpec.v5(HomeIds.at(cluster, 1, "format-")).durable();
    try (RawClient publisher = connect(0, ConnectSpec.v5("format-publisher"));
        RawClient live = connect(1, ConnectSpec.v5("format-live"))) {
      live.subscribe("ways/#", Qos.AT_LEAST_ONCE);
      try (RawClient durable = connect(0, away)) {
        durable.subscribe("ways/#", Qos.AT_LEAST_ONCE);
        durable.disconnect();
      }
      publisher.send(publish("ways/x", format, Qos.AT_LEAST_ONCE, false, 1));
      publisher.expectAck(PacketType.PUBACK, 1);
      assertFormat(live, format);
    }
    try (RawClient durable = connect(0, away)) {
      assertFormat(durable, format);
      durable.disconnect(END);
    }
  }

  @ParameterizedTest
  @EnumSource
  void retained_wills_of_another_node_say_what_their_client_said(PayloadFormat format) {
    String topic = "wills/" + format;
    try (RawClient live = connect(1, ConnectSpec.v5("format-heir"))) {
      live.subscribe(topic, Qos.AT_LEAST_ONCE);
      connect(0, ConnectSpec.v5("format-dying").will(will(topic, format))).close();
      assertFormat(live, format);
    }
    try (RawClient late = connect(1, ConnectSpec.v5(HomeIds.at(cluster, 0, "format-")).durable())) {
      late.subscribe(topic, Qos.AT_LEAST_ONCE);
      assertFormat(late, format);
      late.disconnect(END);
    }
  }

  private static void assertFormat(RawClient client, PayloadFormat format) {
    assertThat(client.takeAll(1).get(0).properties().payloadFormat()).isEqualTo(format);
  }
}
