package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 3. The kind: whoever may not have had a publication because its node died gets it
 * when it is resent (connected sessions, share groups, inboxes), and nobody gets it twice.
 */
class SecondRoutingTest extends RoutingFixture {
  private static final long DEAD = 99;
  private static final SharedFilter GROUP = SharedFilter.parse("$share/g/t");

  private final Publication resent =
      new Publication(
          new PublicationId(DEAD, 7),
          ClientId.of("publisher"),
          TopicName.of("t"),
          Buffer.buffer("m"),
          Qos.EXACTLY_ONCE,
          false,
          Publication.NEVER,
          PublicationProperties.NONE);

  @Test
  void its_node_has_routed_it_once_that_node_has_settled() {
    PublicationId ofB = new PublicationId(B.incarnation(), 1);
    CompletableFuture<Long> answer = new CompletableFuture<>();
    peers.settled.put(B, answer);
    CompletableFuture<Boolean> isRouted = router.isRouted(ofB);
    assertThat(isRouted).isNotDone();
    answer.complete(1L);
    assertThat(isRouted).isCompletedWithValue(true);
    assertThat(router.isRouted(new PublicationId(SELF.incarnation(), 1)))
        .isCompletedWithValue(true);
  }

  @Test
  void it_may_not_be_routed_when_its_node_is_dead_or_turns_out_to_be() {
    assertThat(router.isRouted(resent.id())).isCompletedWithValue(false);
    PublicationId ofB = new PublicationId(B.incarnation(), 1);
    peers.settled.put(B, CompletableFuture.failedFuture(new PeerGoneException(B)));
    assertThat(router.isRouted(ofB)).isCompletedWithValue(false);
    peers.settled.put(
        B, CompletableFuture.failedFuture(new ClusterUnavailableException("silent", null)));
    assertThat(router.isRouted(ofB)).isCompletedExceptionally(); // neither: the client asks again
  }

  @Test
  void connected_sessions_get_it_once_whether_they_had_it_or_not() {
    FakeSubscriber here = subscriber("here", false, Samples.subscription("t", Qos.EXACTLY_ONCE));
    again();
    again(); // the node that routed it again has died, too
    assertThat(here.got).containsExactly("m 2");
    assertThat(peers.said).contains("deliver again b m", "deliver again c m");

    Publication had = withNumber(8);
    router.deliverForwarded(had, List.of());
    embedded.run();
    again(had);
    assertThat(here.got).containsExactly("m 2", "m 2");
  }

  @Test
  void a_share_group_gets_it_that_got_nothing() {
    table.peers(route(B, GROUP.toString(), RouteKind.LIVE));
    again();
    assertThat(peers.said).contains("hand on b m " + GROUP + " false");
  }

  @Test
  void a_share_group_whose_member_at_a_peer_had_it_gets_nothing_more() {
    ClientId here = durableSession("here", GROUP.toString(), Qos.EXACTLY_ONCE);
    peers.had.put(C, Set.of(GROUP));
    again();
    assertThat(inbox(here)).isEmpty();
  }

  @Test
  void a_share_group_gets_nothing_more_when_an_inbox_that_came_here_has_it() {
    ClientId here = durableSession("here", GROUP.toString(), Qos.EXACTLY_ONCE);
    again();
    assertThat(inbox(here)).containsExactly("m");
    ClientId other = durableSession("other", GROUP.toString(), Qos.EXACTLY_ONCE);
    for (int i = 0; i < 4; i++) { // whoever's turn it is
      again();
    }
    assertThat(inbox(here)).containsExactly("m");
    assertThat(inbox(other)).isEmpty();
  }

  @Test
  void a_peer_says_which_groups_it_has_served() {
    router.deliverForwarded(resent, List.of(GROUP));
    subscriber("member", false, Samples.subscription(GROUP.toString(), Qos.EXACTLY_ONCE));
    assertThat(router.deliverAgain(resent)).isCompletedWithValue(Set.of(GROUP));
    assertThat(router.deliverAgain(withNumber(9))).isCompletedWithValue(Set.of());
  }

  /**
   * The neighbour: what waited for a dead home gave a group its share and all others a second one.
   */
  @Test
  void one_that_waited_is_handed_to_the_group_at_a_peer_and_to_nobody_else_there() {
    table.peers(
        route(B, "t", RouteKind.DURABLE),
        route(C, "t", RouteKind.LIVE),
        route(C, GROUP.toString(), RouteKind.LIVE));
    live.remove(B);
    var safe = route("t", "1", Qos.AT_LEAST_ONCE);
    assertThat(peers.said).containsExactly("deliver c 1 []");
    peers.said.clear();
    table.peers(route(C, "t", RouteKind.LIVE), route(C, GROUP.toString(), RouteKind.LIVE));
    router.recovered();
    embedded.run();
    assertThat(peers.said).containsExactly("hand on c 1 " + GROUP + " false");
    assertThat(safe).isCompleted();
  }

  private Publication withNumber(long number) {
    return new Publication(
        new PublicationId(DEAD, number),
        resent.publisher(),
        resent.topic(),
        resent.payload(),
        resent.qos(),
        false,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  private void again() {
    again(resent);
  }

  private void again(Publication publication) {
    var safe = router.routeAgain(lane(), publication, false);
    embedded.run();
    peers.answer(B);
    embedded.run();
    assertThat(safe).isCompleted();
  }
}
