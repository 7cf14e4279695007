package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who gets what a member of a share group could not take. */
class HandOverTest extends RoutingFixture {
  private static final SharedFilter SHARE = SharedFilter.parse("$share/g/t");

  private FakeSubscriber member(String id) {
    return subscriber(id, false, Samples.subscription(SHARE.toString(), Qos.AT_LEAST_ONCE));
  }

  private Delivery left(String payload) {
    return new Delivery(
        publication("t", payload, Qos.AT_LEAST_ONCE), Qos.AT_LEAST_ONCE, false, List.of(), SHARE);
  }

  private double count(String name) {
    return registry.get(name).counters().stream().mapToDouble(each -> each.count()).sum();
  }

  @Test
  void a_full_member_has_one_other_tried() {
    FakeSubscriber full = member("full");
    FakeSubscriber other = member("other");
    full.isFull = true;
    for (int i = 0; i < 4; i++) {
      route("t", "m" + i, Qos.AT_LEAST_ONCE);
    }
    assertThat(other.got).hasSize(4);
    assertThat(count("limpet.deliveries.dropped")).isZero();
    other.isFull = true;
    route("t", "lost", Qos.AT_LEAST_ONCE);
    assertThat(count("limpet.deliveries.dropped")).isEqualTo(1);
  }

  @Test
  void only_the_group_gets_it_and_only_once() {
    FakeSubscriber plain = subscriber("plain", false, Samples.subscription("t", Qos.AT_LEAST_ONCE));
    ClientId inbox = durableSession("inbox", "t", Qos.AT_LEAST_ONCE);
    FakeSubscriber member = member("member");
    assertThat(router.handOver().handOn(left("m"))).isCompleted();
    embedded.run();
    assertThat(member.got).containsExactly("m 1");
    assertThat(plain.got).isEmpty();
    assertThat(inbox(inbox)).isEmpty();
    assertThat(peers.said).isEmpty();
  }

  @Test
  void a_peer_is_asked_and_asked_again_until_attempts_are_over() {
    table.peers(route(B, SHARE.toString(), RouteKind.DURABLE_CONNECTED));
    CompletableFuture<Void> safe = router.handOver().handOn(left("m"));
    assertThat(peers.said).containsExactly("hand on b m $share/g/t true");
    peers.refuse(B);
    assertThat(peers.said).hasSize(2);
    assertThat(safe).isNotDone();
    peers.answer(B);
    assertThat(safe).isCompleted();
    assertThat(count("limpet.deliveries.handed.on")).isEqualTo(1);
    CompletableFuture<Void> lost = router.handOver().handOn(left("lost"));
    for (int i = 0; i < 3; i++) {
      peers.refuse(B);
    }
    assertThat(lost).isCompleted();
    assertThat(count("limpet.deliveries.dropped")).isEqualTo(1);
  }

  @Test
  void a_node_that_stops_keeps_nothing_for_its_own() {
    FakeSubscriber goesToo = member("goes too");
    table.peers(route(C, SHARE.toString(), RouteKind.LIVE));
    router.handOver().handOnElsewhere(left("m"));
    embedded.run();
    assertThat(goesToo.got).isEmpty();
    assertThat(peers.said).containsExactly("hand on c m $share/g/t false");
  }

  @Test
  void a_peer_whose_last_member_has_gone_passes_it_on() {
    table.peers(route(B, SHARE.toString(), RouteKind.LIVE));
    router.deliverForwarded(publication("t", "live", Qos.AT_LEAST_ONCE), List.of(SHARE));
    CompletableFuture<Void> safe =
        router.appendForwarded(publication("t", "durable", Qos.AT_LEAST_ONCE), List.of(SHARE));
    assertThat(safe).isNotDone();
    assertThat(peers.said)
        .containsExactly("hand on b live $share/g/t false", "hand on b durable $share/g/t false");
    peers.answer(B);
    assertThat(safe).isCompleted();
  }

  @Test
  void what_a_peer_hands_on_needs_a_member_here() {
    ClientId inbox = durableSession("inbox", SHARE.toString(), Qos.AT_LEAST_ONCE);
    FakeSubscriber member = member("member");
    HandOver handOver = router.handOver();
    assertThat(handOver.forwarded(publication("t", "1", Qos.AT_LEAST_ONCE), SHARE, true))
        .isCompleted();
    assertThat(handOver.forwarded(publication("t", "2", Qos.AT_LEAST_ONCE), SHARE, false))
        .isCompleted();
    embedded.run();
    assertThat(inbox(inbox)).containsExactly("1");
    assertThat(member.got).containsExactly("2 1");
    SharedFilter nobodys = SharedFilter.parse("$share/other/t");
    assertThat(handOver.forwarded(publication("t", "3", Qos.AT_LEAST_ONCE), nobodys, false))
        .isCompletedExceptionally();
  }
}
