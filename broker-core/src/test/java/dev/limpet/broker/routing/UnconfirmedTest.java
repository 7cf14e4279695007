package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.cluster.RouteKind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, "a node that thaws". The kind: a node that was frozen or cut off acknowledges by routes
 * of a time before, and who subscribed meanwhile misses what was acknowledged.
 */
class UnconfirmedTest extends RoutingFixture {

  @Test
  void publications_wait_for_confirmation_and_go_by_the_routes_of_then_in_their_order() {
    confirmed = false;
    CompletableFuture<Void> first = route("t", "1", Qos.AT_LEAST_ONCE);
    CompletableFuture<Void> second = route("t", "2", Qos.EXACTLY_ONCE);
    table.peers(route(B, "t", RouteKind.DURABLE));
    confirmed = true;
    CompletableFuture<Void> third = route("t", "3", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).isEmpty();

    embedded.advanceMillis(1_000);
    assertThat(peers.said).containsExactly("append b 1 []", "append b 2 []", "append b 3 []");
    assertThat(first).isNotDone();
    peers.answer(B);
    assertThat(CompletableFuture.allOf(first, second, third)).isCompleted();
    route("t", "4", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).endsWith("append b 4 []");
  }

  /** A node that is alone writes to itself alone, and would take that for safe. */
  @Test
  void an_answer_that_comes_too_late_waits_for_confirmation() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    confirmed = false;
    peers.answer(B);
    embedded.advanceMillis(1_000);
    assertThat(safe).isNotDone();
    confirmed = true;
    embedded.advanceMillis(1_000);
    assertThat(safe).isCompleted();

    CompletableFuture<Void> lost = route("t", "2", Qos.AT_LEAST_ONCE);
    confirmed = false;
    peers.answer(B);
    serving = false;
    embedded.advanceMillis(1_000);
    assertThat(lost).isCompletedExceptionally();
  }

  @Test
  void qos_0_does_not_wait() {
    confirmed = false;
    table.peers(route(C, "t", RouteKind.LIVE_QOS0));
    assertThat(route("t", "m", Qos.AT_MOST_ONCE)).isCompleted();
    assertThat(peers.said).containsExactly("deliver c m []");
  }

  @Test
  void they_fail_when_the_node_is_cut_off() {
    confirmed = false;
    table.peers(route(B, "t", RouteKind.DURABLE));
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    serving = false;
    embedded.advanceMillis(1_000);
    assertThat(safe).isCompletedExceptionally();
    assertThat(peers.said).isEmpty();
  }

  /** Not some time later: the node may be with the majority again by then. */
  @Test
  void one_that_comes_while_the_node_is_cut_off_fails_at_once() {
    table.peers(route(B, "t", RouteKind.DURABLE));
    confirmed = false;
    serving = false;
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    serving = true;
    confirmed = true;
    embedded.advanceMillis(1_000);
    assertThat(safe).isCompletedExceptionally();
    assertThat(peers.said).isEmpty();
  }

  @Test
  void they_fail_when_nobody_confirms_the_node_for_a_minute() {
    confirmed = false;
    CompletableFuture<Void> safe = route("t", "1", Qos.AT_LEAST_ONCE);
    for (long passed = 0; passed < Parking.WAIT_MILLIS_MAX / 2; passed += 100) {
      embedded.advanceMillis(100);
    }
    assertThat(safe).isNotDone();
    for (long passed = 0; passed < Parking.WAIT_MILLIS_MAX; passed += 100) {
      embedded.advanceMillis(100);
    }
    assertThat(safe).isCompletedExceptionally();
  }
}
