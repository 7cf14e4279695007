package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.cluster.RouteKind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Publications on their way into inboxes, also when a home dies under them. */
class DurablePathTest extends RoutingFixture {

  @Test
  void a_publication_is_safe_when_every_home_has_answered() {
    ClientId here = durableSession("here", "t", Qos.AT_LEAST_ONCE);
    table.peers(route(B, "t", RouteKind.DURABLE), route(C, "t", RouteKind.DURABLE));
    CompletableFuture<Void> safe = route("t", "m", Qos.AT_LEAST_ONCE);
    assertThat(inbox(here)).containsExactly("m");
    assertThat(peers.said).containsExactlyInAnyOrder("append b m []", "append c m []");
    peers.answer(B);
    assertThat(safe).isNotDone();
    peers.answer(C);
    assertThat(safe).isCompleted();
  }

  @Test
  void qos_0_takes_no_durable_path() {
    ClientId here = durableSession("here", "t", Qos.EXACTLY_ONCE);
    table.peers(route(B, "t", RouteKind.DURABLE), route(C, "t", RouteKind.LIVE_QOS0));
    assertThat(route("t", "m", Qos.AT_MOST_ONCE)).isCompleted();
    assertThat(inbox(here)).isEmpty();
    assertThat(peers.said).containsExactly("deliver c m []");
  }

  @Test
  void while_a_home_is_dead_publications_wait_and_then_go_in_their_order() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    live.remove(B);
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> second = route("t", "2", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> other = route("other", "3", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).isEmpty();
    assertThat(first).isNotDone();
    assertThat(other).isCompleted(); // nobody wants it: nothing to wait for
    table.peers(route(C, "t", RouteKind.DURABLE));
    CompletableFuture<Void> third = route("t", "4", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).isEmpty(); // behind those of the same publisher
    router.recovered();
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 []", "append c 2 []", "append c 4 []");
    peers.answer(C);
    assertThat(CompletableFuture.allOf(first, second, third)).isCompleted();
    assertThat(registry.get("limpet.publications.parked").counter().count()).isEqualTo(3);
  }

  /** Issue 9, G4. The kind: two homes of one inbox append, and the later message comes first. */
  @Test
  void while_homes_move_a_publication_waits_for_the_answers_to_those_before_it() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    moving = true;
    table.peers(route(B, "t", RouteKind.DURABLE), route(C, "t", RouteKind.DURABLE));
    CompletableFuture<Void> second = route("t", "2", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> third = route("t", "3", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).containsExactly("append b 1 []");
    peers.answer(B);
    embedded.run();
    assertThat(first).isCompleted();
    assertThat(peers.said).hasSize(3).contains("append b 2 []", "append c 2 []");
    moving = false;
    peers.answer(B);
    peers.answer(C);
    embedded.run();
    assertThat(peers.said).hasSize(5).contains("append b 3 []", "append c 3 []");
    peers.answer(B);
    peers.answer(C);
    assertThat(CompletableFuture.allOf(second, third)).isCompleted();
  }

  @Test
  void one_that_waits_for_an_answer_goes_behind_one_whose_home_has_died() {
    moving = true;
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> second = route("t", "2", Qos.AT_LEAST_ONCE);
    live.remove(B);
    peers.die(B);
    embedded.run();
    peers.said.clear();
    table.peers(route(C, "t", RouteKind.DURABLE));
    router.recovered();
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 []");
    peers.answer(C);
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 []", "append c 2 []");
    peers.answer(C);
    assertThat(CompletableFuture.allOf(first, second)).isCompleted();
  }

  /** One of its two homes dies, and the other one takes its time: found by the nemesis. */
  @Test
  void one_that_is_parked_after_later_ones_have_queued_goes_before_them() {
    moving = true;
    table.peers(route(B, "t", RouteKind.DURABLE), route(C, "t", RouteKind.DURABLE));
    route("t", "1", Qos.AT_LEAST_ONCE);
    route("t", "2", Qos.AT_LEAST_ONCE);
    live.remove(B);
    peers.die(B);
    table.peers(route(C, "t", RouteKind.DURABLE));
    embedded.run();
    router.recovered();
    embedded.run();
    peers.said.clear();
    peers.answer(C);
    embedded.run();
    peers.answer(C);
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 []", "append c 2 []");
  }

  @Test
  void an_append_whose_home_dies_before_it_answers_is_routed_again_in_order() {
    ClientId here = durableSession("here", "t", Qos.AT_LEAST_ONCE);
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> second = route("t", "2", Qos.AT_LEAST_ONCE);
    live.remove(B);
    CompletableFuture<Void> third = route("t", "3", Qos.AT_LEAST_ONCE); // before B's end is told
    peers.die(B);
    embedded.run();
    peers.said.clear();
    table.peers(route(C, "t", RouteKind.DURABLE));
    router.recovered();
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 []", "append c 2 []", "append c 3 []");
    assertThat(inbox(here)).as("what it held already is dropped").containsExactly("1", "2", "3");
    peers.answer(C);
    assertThat(CompletableFuture.allOf(first, second, third)).isCompleted();
  }

  @Test
  void without_word_of_a_recovery_it_is_tried_again_after_a_while() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    live.remove(B);
    CompletableFuture<Void> safe = route("t", "1", Qos.EXACTLY_ONCE);
    embedded.advanceMillis(2_000);
    assertThat(safe).isNotDone();
    table.peers(route(C, "t", RouteKind.DURABLE));
    embedded.advanceMillis(600);
    assertThat(peers.said).containsExactly("append c 1 []");
    peers.answer(C);
    assertThat(safe).isCompleted();
    embedded.advanceMillis(10_000);
    assertThat(peers.said).hasSize(1);
  }

  @Test
  void a_home_that_cannot_answer_is_asked_again_in_order_and_not_for_ever() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    peers.refuse(B);
    embedded.run();
    CompletableFuture<Void> second = route("t", "2", Qos.AT_LEAST_ONCE);
    peers.said.clear();
    embedded.advanceMillis(600);
    assertThat(peers.said).containsExactly("append b 1 []", "append b 2 []");
    peers.answer(B);
    assertThat(CompletableFuture.allOf(first, second)).isCompleted();

    CompletableFuture<Void> never = route("t", "3", Qos.AT_LEAST_ONCE);
    peers.refuse(B);
    embedded.run();
    embedded.advanceMillis(600);
    clock.advanceMillis(Parking.WAIT_MILLIS_MAX);
    peers.refuse(B);
    embedded.run();
    embedded.advanceMillis(600);
    assertThat(never).isCompletedExceptionally();
  }

  @Test
  void one_that_waits_too_long_is_not_acknowledged() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    live.remove(B);
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    clock.advanceMillis(Parking.WAIT_MILLIS_MAX);
    embedded.advanceMillis(600);
    assertThat(safe).isCompletedExceptionally();
    live.add(B);
    route("t", "2", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).as("nothing is parked any more").containsExactly("append b 2 []");
  }

  @Test
  void a_share_group_of_a_dead_home_is_picked_again_and_only_that_one() {
    table.peers(
        route(B, "$share/g/t", RouteKind.DURABLE), route(C, "$share/h/t", RouteKind.DURABLE));
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    assertThat(peers.said)
        .containsExactlyInAnyOrder("append b 1 [$share/g/t]", "append c 1 [$share/h/t]");
    peers.said.clear();
    live.remove(B);
    peers.die(B);
    embedded.run();
    table.peers(
        route(C, "$share/g/t", RouteKind.DURABLE), route(C, "$share/h/t", RouteKind.DURABLE));
    router.recovered();
    embedded.run();
    assertThat(peers.said).containsExactly("append c 1 [$share/g/t]");
    peers.answer(C);
    assertThat(safe).isCompleted();
  }

  @Test
  void what_was_routed_is_appended_again_and_inboxes_that_have_it_drop_it() {
    ClientId here = durableSession("here", "t", Qos.EXACTLY_ONCE);
    FakeSubscriber live =
        subscriber(
            "live", false, dev.limpet.broker.spi.Samples.subscription("t", Qos.AT_LEAST_ONCE));
    Publication publication = publication("t", "m", Qos.EXACTLY_ONCE);
    router.route(lane(), publication);
    assertThat(router.routeAgain(lane(), publication, true)).isCompleted();
    embedded.run();
    assertThat(inbox(here)).containsExactly("m");
    assertThat(live.got).containsExactly("m 1");
  }
}
