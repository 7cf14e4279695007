package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What MQTT 5 adds, when publisher, host and home are different nodes. */
class FeaturesAcrossNodesTest {
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

  private static SubscribeRequest request(
      String filter, boolean noLocal, boolean retainAsPublished, RetainHandling handling) {
    return new SubscribeRequest(filter, Qos.AT_LEAST_ONCE, noLocal, retainAsPublished, handling);
  }

  @Test
  void a_will_keeps_its_user_properties_in_order() {
    List<UserProperty> properties =
        List.of(new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "0"));
    Will will =
        new Will(
            TopicName.of("wills/x"),
            Buffer.buffer("gone"),
            Qos.AT_LEAST_ONCE,
            false,
            0,
            Will.NO_EXPIRY,
            new PublicationProperties(
                PayloadFormat.BYTES, "text/plain", "answers/x", null, properties));
    try (RawClient durable = connect(0, ConnectSpec.v5(HomeIds.at(cluster, 0, "wills")).durable());
        RawClient live = connect(0, ConnectSpec.v5("wills-live"))) {
      durable.subscribe("wills/#", Qos.AT_LEAST_ONCE);
      live.subscribe("wills/#", Qos.AT_MOST_ONCE);
      connect(1, ConnectSpec.v5("wills-dying").will(will)).close();
      for (RawClient each : List.of(durable, live)) {
        Publish got = each.take("gone");
        assertThat(got.properties().userProperties()).isEqualTo(properties);
        assertThat(got.properties().contentType()).isEqualTo("text/plain");
      }
      durable.disconnect(END);
    }
  }

  @Test
  void retained_messages_for_a_durable_session_follow_it_to_another_node() {
    int count = 12_000; // more than an inbox has room for
    try (RawClient publisher = connect(0, ConnectSpec.v5("retainer"))) {
      for (int i = 0; i < count; i++) {
        publisher.send(RawClient.publish("moves/" + i, "m", Qos.AT_LEAST_ONCE, 1 + i, true));
        if (i % 100 == 99) {
          IntStream.rangeClosed(i - 98, i + 1)
              .forEach(id -> publisher.expectAck(PacketType.PUBACK, id));
        }
      }
      publisher.disconnect(END);
    }
    ConnectSpec spec = ConnectSpec.v5(HomeIds.at(cluster, 1, "moves")).durable().receiveMaximum(50);
    Set<String> got = new HashSet<>();
    try (RawClient host = connect(0, spec)) {
      host.subscribe("moves/#", Qos.AT_LEAST_ONCE);
      host.takeAll(100).forEach(each -> got.add(each.topic().value()));
      try (RawClient home = connect(1, spec)) {
        while (got.size() < count) {
          home.takeAll(1).forEach(each -> got.add(each.topic().value()));
        }
        home.disconnect(END);
      }
    }
    assertThat(got).hasSize(count);
  }

  @Test
  void no_local_holds_where_host_and_home_differ() {
    for (ConnectSpec spec :
        List.of(
            ConnectSpec.v5(HomeIds.at(cluster, 1, "selfish")).durable(),
            ConnectSpec.v5("selfish-live"))) {
      try (RawClient client = connect(0, spec);
          RawClient other = connect(1, ConnectSpec.v5("selfless"))) {
        client.subscribe(0, request("own/x", true, false, RetainHandling.SEND));
        client.publish("own/x", "mine");
        other.publish("own/x", "theirs");
        client.take("theirs");
        client.ping();
        client.disconnect(END);
      }
    }
  }

  /** Issue 7, item 12: one packet of many filters, whose session is at home elsewhere. */
  @Test
  void three_thousand_filters_in_one_packet_all_count() {
    SubscribeRequest[] many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> SubscribeRequest.plain("many/" + i, Qos.AT_LEAST_ONCE))
            .toArray(SubscribeRequest[]::new);
    for (ConnectSpec spec :
        List.of(
            ConnectSpec.v5(HomeIds.at(cluster, 1, "many")).durable(),
            ConnectSpec.v5("many-live"))) {
      try (RawClient client = connect(0, spec);
          RawClient publisher = connect(1, ConnectSpec.v5("many-publisher"))) {
        assertThat(client.subscribe(0, many)).hasSize(3_000).containsOnly(ReasonCode.GRANTED_QOS_1);
        for (int i = 0; i < 3_000; i += 999) {
          publisher.publish("many/" + i, "m" + i);
          client.take("m" + i);
        }
        client.disconnect(END);
      }
    }
  }

  @Test
  void retain_options_hold_on_another_node() {
    try (RawClient publisher = connect(0, ConnectSpec.v5("keeper"));
        RawClient client = connect(1, ConnectSpec.v5(HomeIds.at(cluster, 0, "kept")).durable())) {
      keep(publisher, "first");
      client.subscribe(0, request("kept/x", false, true, RetainHandling.SEND_IF_NEW));
      assertThat(client.take("first").retain()).isTrue();
      client.subscribe(0, request("kept/x", false, true, RetainHandling.SEND_IF_NEW));
      client.ping();
      keep(publisher, "second");
      assertThat(client.take("second").retain()).as("as published").isTrue();
      client.subscribe(0, request("kept/x", false, false, RetainHandling.DO_NOT_SEND));
      keep(publisher, "third");
      assertThat(client.take("third").retain()).as("not as published").isFalse();
      client.disconnect(END);
    }
  }

  private static void keep(RawClient publisher, String payload) {
    int packetId = publisher.nextPacketId();
    publisher.send(RawClient.publish("kept/x", payload, Qos.AT_LEAST_ONCE, packetId, true));
    publisher.expectAck(PacketType.PUBACK, packetId);
  }

  @Test
  void subscription_ids_come_with_overlapping_and_with_shared_subscriptions() {
    for (ConnectSpec spec :
        List.of(
            ConnectSpec.v5(HomeIds.at(cluster, 1, "ids")).durable(), ConnectSpec.v5("ids-live"))) {
      try (RawClient client = connect(0, spec);
          RawClient publisher = connect(1, ConnectSpec.v5("ids-publisher"))) {
        client.subscribe(1, SubscribeRequest.plain("ids/#", Qos.AT_LEAST_ONCE));
        client.subscribe(2, SubscribeRequest.plain("ids/+", Qos.AT_LEAST_ONCE));
        client.subscribe(3, SubscribeRequest.plain("$share/g/ids/x", Qos.AT_LEAST_ONCE));
        publisher.publish("ids/x", "m");
        assertThat(client.takeAll(2))
            .extracting(each -> each.subscriptionIds().stream().sorted().toList())
            .containsExactlyInAnyOrder(List.of(1, 2), List.of(3));
        client.ping();
        client.disconnect(END);
      }
    }
  }

  @Test
  void members_of_a_share_group_get_as_much_on_one_node_as_on_another() {
    List<RawClient> members = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = HomeIds.at(cluster, 1, "even-" + i + "-");
      ConnectSpec spec = i == 3 ? ConnectSpec.v5(id).durable() : ConnectSpec.v5(id);
      members.add(connect(i == 0 ? 0 : 1, spec));
      members.get(i).subscribe("$share/g/even", Qos.AT_LEAST_ONCE);
    }
    try (RawClient publisher = connect(0, ConnectSpec.v5("even-publisher"))) {
      for (int i = 0; i < 40; i++) {
        publisher.publish("even", "m");
      }
    }
    for (RawClient member : members) {
      assertThat(member.take(10)).hasSize(10);
      member.ping();
      member.disconnect(END);
    }
  }

  @Test
  void flow_control_survives_a_resume_on_another_node() {
    ConnectSpec spec = ConnectSpec.v5(HomeIds.at(cluster, 1, "flow")).durable().receiveMaximum(2);
    int first;
    int second;
    try (RawClient client = connect(0, spec);
        RawClient publisher = connect(1, ConnectSpec.v5("flow-publisher"))) {
      client.subscribe("flow", Qos.EXACTLY_ONCE);
      for (int i = 0; i < 4; i++) {
        publisher.publish("flow", "m" + i, Qos.EXACTLY_ONCE);
      }
      first = client.expectPublish("m0").packetId();
      second = client.expectPublish("m1").packetId();
      client.ack(PacketType.PUBREC, first);
      client.expectAck(PacketType.PUBREL, first);
      client.ping();
    }
    try (RawClient client = connect(1, spec)) {
      client.expectAck(PacketType.PUBREL, first);
      Publish again = client.expectPublish("m1");
      assertThat(again.packetId()).isEqualTo(second);
      assertThat(again.dup()).isTrue();
      client.ping(); // both places are taken, one by PUBREL
      client.ack(PacketType.PUBCOMP, first);
      int third = client.expectPublish("m2").packetId();
      client.ping();
      client.ack(PacketType.PUBREC, second);
      client.expectAck(PacketType.PUBREL, second);
      client.ack(PacketType.PUBCOMP, second);
      client.expectPublish("m3");
      assertThat(third).isNotIn(first, second);
    }
  }
}
