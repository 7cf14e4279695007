package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HazelcastMembershipTest {

  @Test
  void all_nodes_see_each_other_and_agree_on_homes() {
    try (TestMembers members = new TestMembers(List.of())) {
      HazelcastMembership a = members.start("a");
      HazelcastMembership b = members.start("b");
      HazelcastMembership c = members.start("c");
      List<HazelcastMembership> all = List.of(a, b, c);

      await().untilAsserted(() -> assertThat(all).allMatch(each -> each.nodes().size() == 3));
      assertThat(a.nodes()).containsExactlyInAnyOrder(a.self(), b.self(), c.self());
      await()
          .untilAsserted(
              () -> {
                all.forEach(each -> each.partitions().refresh());
                assertThat(homes(b)).isEqualTo(homes(a));
                assertThat(homes(c)).isEqualTo(homes(a));
                assertThat(homes(a)).contains(a.self(), b.self(), c.self());
              });
    }
  }

  @Test
  void a_dead_node_is_no_member_and_no_home() {
    try (TestMembers members = new TestMembers(List.of())) {
      HazelcastMembership a = members.start("a");
      HazelcastMembership b = members.start("b");
      List<String> seen = new CopyOnWriteArrayList<>();
      a.watch(
          new MemberWatcher() {
            @Override
            public void joined(MemberInfo node) {
              seen.add("+" + node.id());
            }

            @Override
            public void left(MemberInfo node) {
              seen.add("-" + node.id());
            }
          });

      members.node(1).terminate();

      await().untilAsserted(() -> assertThat(a.isLive(b.self())).isFalse());
      await().untilAsserted(() -> assertThat(seen).containsExactly("+b", "-b"));
      await()
          .untilAsserted(
              () -> {
                a.partitions().refresh();
                assertThat(a.partitions().isSettled()).isTrue();
                assertThat(homes(a)).containsOnly(a.self());
              });
    }
  }

  @Test
  void a_second_node_with_a_live_name_is_refused() {
    // It waits until a dead one of that name would have been noticed.
    try (TestMembers members = new TestMembers(List.of(), 2)) {
      HazelcastMembership a = members.start("a");

      assertThatThrownBy(() -> members.start("a"))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining("a node named 'a' is already live");
      await().untilAsserted(() -> assertThat(a.nodes()).containsExactly(a.self()));
    }
  }

  @Test
  void a_port_in_use_is_named() {
    try (TestMembers members = new TestMembers(List.of())) {
      members.start("a");
      MemberOptions taken =
          MemberOptions.builder().port(members.node(0).port()).join(List.of()).build();
      SocketAddress nowhere = SocketAddress.inetSocketAddress(1, "127.0.0.1");
      MemberInfo other =
          new MemberInfo(new NodeId("b", 2), nowhere, nowhere, "", List.of(), List.of(), false);

      assertThatThrownBy(() -> HazelcastNode.start(taken, other, List.of()))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining("127.0.0.1:" + members.node(0).port() + " is in use");
    }
  }

  private static List<NodeId> homes(HazelcastMembership membership) {
    return IntStream.range(0, 100)
        .mapToObj(i -> membership.homeOf(ClientId.of("client-" + i)))
        .toList();
  }
}
