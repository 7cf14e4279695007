package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets a publication, here and at peers. */
class RouterTest extends RoutingFixture {

  @Test
  void a_durable_session_gets_qos_0_live_and_the_rest_from_its_inbox() {
    ClientId home = durableSession("d", "t", Qos.AT_LEAST_ONCE);
    FakeSubscriber connected = subscriber("d", true, Samples.subscription("t", Qos.AT_LEAST_ONCE));
    route("t", "zero", Qos.AT_MOST_ONCE);
    route("t", "one", Qos.AT_LEAST_ONCE);
    assertThat(connected.got).containsExactly("zero 0");
    assertThat(inbox(home)).containsExactly("one");
    assertThat(table.said).contains("+t LIVE_QOS0", "+t DURABLE").doesNotContain("+t LIVE");
  }

  @Test
  void a_qos_0_subscription_of_a_durable_session_is_served_live_at_any_quality() {
    ClientId home = durableSession("d", "t", Qos.AT_MOST_ONCE);
    FakeSubscriber connected = subscriber("d", true, Samples.subscription("t", Qos.AT_MOST_ONCE));
    route("t", "one", Qos.AT_LEAST_ONCE);
    assertThat(connected.got).containsExactly("one 0");
    assertThat(inbox(home)).isEmpty();
  }

  @Test
  void peers_get_what_their_routes_ask_for_once() {
    table.peers(
        route(B, "t", RouteKind.LIVE),
        route(B, "#", RouteKind.LIVE),
        route(C, "t", RouteKind.LIVE_QOS0));
    route("t", "zero", Qos.AT_MOST_ONCE);
    route("t", "one", Qos.AT_LEAST_ONCE);
    assertThat(peers.said)
        .containsExactlyInAnyOrder("deliver b zero []", "deliver c zero []", "deliver b one []");
  }

  @Test
  void nobody_is_told_so() {
    assertThat(router.route(lane(), publication("t", "x", Qos.AT_LEAST_ONCE)).matched()).isFalse();
    subscriber("s", false, Samples.subscription("t", Qos.AT_MOST_ONCE));
    assertThat(router.route(lane(), publication("t", "x", Qos.AT_LEAST_ONCE)).matched()).isTrue();
  }

  @Test
  void a_plan_follows_each_change() {
    FakeSubscriber first = subscriber("a", false, Samples.subscription("t", Qos.AT_MOST_ONCE));
    route("t", "1", Qos.AT_MOST_ONCE);
    FakeSubscriber second = subscriber("b", false, Samples.subscription("t", Qos.AT_MOST_ONCE));
    route("t", "2", Qos.AT_MOST_ONCE);
    local.remove(first, Samples.subscription("t", Qos.AT_MOST_ONCE));
    table.peers(route(B, "t", RouteKind.LIVE));
    route("t", "3", Qos.AT_MOST_ONCE);
    assertThat(first.got).containsExactly("1 0", "2 0");
    assertThat(second.got).containsExactly("2 0", "3 0");
    assertThat(peers.said).containsExactly("deliver b 3 []");
  }

  private double plans() {
    return registry.get("limpet.route.plans").gauge().value();
  }

  @Test
  void plans_of_topics_nobody_publishes_to_any_more_do_not_keep_the_clients_that_left() {
    subscriber("a", false, Samples.subscription("t", Qos.AT_MOST_ONCE));
    route("t", "1", Qos.AT_MOST_ONCE);
    route("u", "1", Qos.AT_MOST_ONCE);
    router.forgetStale();
    assertThat(plans()).isEqualTo(2);
    subscriber("b", false, Samples.subscription("v", Qos.AT_MOST_ONCE));
    router.forgetStale();
    assertThat(plans()).isZero();
  }

  @Test
  void plans_that_name_many_sessions_are_fewer() {
    int sessions = 2_000;
    for (int i = 0; i < sessions; i++) {
      subscriber("s" + i, false, Samples.subscription("many/#", Qos.AT_MOST_ONCE));
    }
    for (int i = 0; i < 600; i++) {
      route("many/" + i, "1", Qos.AT_MOST_ONCE);
    }
    await().until(() -> plans() * sessions <= 1_000_000);
    assertThat(plans()).isGreaterThan(100);
  }

  @Test
  void a_group_takes_turns_over_connected_stored_and_remote_members_that_take_the_quality() {
    ClientId stored = durableSession("stored", "$share/g/t", Qos.AT_LEAST_ONCE);
    FakeSubscriber connected =
        subscriber("connected", false, Samples.subscription("$share/g/t", Qos.AT_LEAST_ONCE));
    table.peers(route(B, "$share/g/t", RouteKind.LIVE));
    for (int i = 0; i < 30; i++) {
      route("t", "m" + i, Qos.AT_LEAST_ONCE);
    }
    assertThat(inbox(stored)).hasSize(10);
    assertThat(connected.got).hasSize(10);
    assertThat(peers.said).hasSize(10).allMatch(each -> each.endsWith("[$share/g/t]"));
    for (int i = 0; i < 30; i++) {
      route("t", "m" + i, Qos.AT_MOST_ONCE);
    }
    assertThat(inbox(stored)).as("QoS 0 is never stored").hasSize(10);
    assertThat(connected.got.size() + peers.said.size()).isEqualTo(20 + 30);
  }

  @Test
  void peers_count_by_their_members() {
    FakeSubscriber connected =
        subscriber("connected", false, Samples.subscription("$share/g/t", Qos.AT_LEAST_ONCE));
    table.peers(
        new Route(B, SharedFilter.parse("$share/g/t"), RouteKind.LIVE, 3),
        new Route(B, SharedFilter.parse("$share/g/t"), RouteKind.LIVE_QOS0, 2));
    for (int i = 0; i < 40; i++) {
      route("t", "m" + i, Qos.AT_LEAST_ONCE);
    }
    assertThat(connected.got).hasSize(10);
    for (int i = 0; i < 60; i++) {
      route("t", "m" + i, Qos.AT_MOST_ONCE);
    }
    assertThat(connected.got).hasSize(20);
    assertThat(peers.said).hasSize(30 + 50).allMatch(each -> each.startsWith("deliver b"));
  }

  @Test
  void what_a_peer_forwards_is_delivered_here_and_never_forwarded_again() {
    FakeSubscriber plain = subscriber("p", false, Samples.subscription("t", Qos.AT_LEAST_ONCE));
    FakeSubscriber member =
        subscriber("m", false, Samples.subscription("$share/g/t", Qos.AT_LEAST_ONCE));
    ClientId stored = durableSession("d", "t", Qos.AT_LEAST_ONCE);
    table.peers(route(B, "t", RouteKind.LIVE), route(C, "t", RouteKind.DURABLE));
    router.deliverForwarded(publication("t", "1", Qos.AT_LEAST_ONCE), List.of());
    router.deliverForwarded(
        publication("t", "2", Qos.AT_LEAST_ONCE), List.of(SharedFilter.parse("$share/g/t")));
    assertThat(router.appendForwarded(publication("t", "3", Qos.AT_LEAST_ONCE), List.of()))
        .isCompleted();
    embedded.run();
    assertThat(plain.got).containsExactly("1 1", "2 1");
    assertThat(member.got).containsExactly("2 1");
    assertThat(inbox(stored)).containsExactly("3");
    assertThat(peers.said).isEmpty();
  }
}
