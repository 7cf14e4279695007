package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Share groups with members on several nodes. */
class SharedAcrossNodesTest {
  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        EmbeddedCluster.start(
            2, BrokerOptions.builder().shareStrategy(ShareStrategy.LOCAL_FIRST).build());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static RawClient connect(int node, ConnectSpec spec) {
    return RawClient.connect(cluster.node(node).directPort(), spec);
  }

  private static RawClient member(int node, ConnectSpec spec, String topic) {
    RawClient client = connect(node, spec);
    client.subscribe("$share/g/" + topic, Qos.EXACTLY_ONCE);
    return client;
  }

  /** Sessions at home on the first node whose clients are away. */
  private static double waiting() {
    return cluster.node(0).meters().get("limpet.sessions.expiring").gauge().value();
  }

  /** Whether any node knows a client id. */
  private static boolean isKnown(String id) {
    return cluster
        .node(0)
        .broker()
        .cluster()
        .directory()
        .find(ClientId.of(id))
        .toCompletableFuture()
        .join()
        .isPresent();
  }

  @Test
  void members_on_the_publishers_node_come_first() {
    try (RawClient here = member(0, ConnectSpec.v5("here"), "local");
        RawClient there = member(1, ConnectSpec.v5("there"), "local");
        RawClient publisher = connect(0, ConnectSpec.v5("p-local"))) {
      for (int i = 0; i < 4; i++) {
        publisher.publish("local", "m" + i);
      }
      assertThat(here.take(4)).containsExactly("m0", "m1", "m2", "m3");
      there.ping();
    }
  }

  @Test
  void a_member_hands_on_to_one_on_another_node_and_only_to_it() {
    try (RawClient leaves = member(0, ConnectSpec.v5("leaves").receiveMaximum(1), "handed/on");
        RawClient plain = connect(1, ConnectSpec.v5("plain"));
        RawClient publisher = connect(0, ConnectSpec.v5("p-handed"))) {
      plain.subscribe("handed/#", Qos.AT_LEAST_ONCE);
      publisher.publish("handed/on", "1");
      publisher.publish("handed/on", "2");
      leaves.expectPublish("1");
      plain.take(2);
      try (RawClient stays = member(1, ConnectSpec.v5("stays"), "handed/on")) {
        leaves.close();
        assertThat(stays.take(2)).containsExactly("1", "2");
      }
      plain.ping();
    }
  }

  @Test
  void a_durable_session_that_ends_hands_on_to_an_inbox_at_another_home() {
    String leaves = HomeIds.at(cluster, 0, "d-leaves");
    String stays = HomeIds.at(cluster, 1, "d-stays");
    try (RawClient client = member(0, ConnectSpec.v5(leaves).durable(), "handed/durable")) {
      client.disconnect();
    }
    try (RawClient publisher = connect(0, ConnectSpec.v5("p-durable"))) {
      publisher.publish("handed/durable", "1");
      publisher.publish("handed/durable", "2", Qos.EXACTLY_ONCE);
    }
    try (RawClient client = member(1, ConnectSpec.v5(stays).durable(), "handed/durable")) {
      client.disconnect();
    }
    try (RawClient anew = connect(1, ConnectSpec.v5(leaves));
        RawClient back = connect(0, ConnectSpec.v5(stays).durable())) {
      assertThat(back.take(2)).containsExactly("1", "2");
      anew.ping();
      back.disconnect(new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of()));
    }
  }

  @Test
  void connected_durable_members_elsewhere_come_before_those_who_are_away_here() {
    String away = HomeIds.at(cluster, 0, "away");
    try (RawClient client = member(0, ConnectSpec.v5(away).durable(), "presence")) {
      double before = waiting();
      client.disconnect();
      await().until(() -> waiting() == before + 1);
    }
    String elsewhere = HomeIds.at(cluster, 1, "there");
    try (RawClient there = member(1, ConnectSpec.v5(elsewhere).durable(), "presence");
        RawClient publisher = connect(0, ConnectSpec.v5("p-presence"))) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        publisher.publish("presence", "m" + i);
        expected.add("m" + i);
      }
      assertThat(there.take(4)).isEqualTo(expected);
      there.disconnect(new Disconnect(ReasonCode.SUCCESS, 0L, null, null, List.of()));
      await().until(() -> !isKnown(elsewhere));
      publisher.publish("presence", "kept");
    }
    try (RawClient back = connect(0, ConnectSpec.v5(away).durable())) {
      back.take("kept");
    }
  }
}
