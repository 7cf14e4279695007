package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.cluster.audit.AuditPace;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 9, items 3 and 4, and the background audit. The kind: registry, sockets, stored sessions,
 * inbox readers and routes disagree after a freeze, a split or a lost message, and nobody notices.
 * Each test plants one disagreement and does nothing more; the client must not notice the repair.
 */
class AuditTest {
  private static final AuditPace BRISK = new AuditPace(200, 300);

  private AuditFixture fixture;

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofMinutes(2));
  }

  /** A node took the host for dead and closed the session under the living connection. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_client_whose_session_was_closed_hears_again(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var subscriber = fixture.connect("deaf", 0, true, "a/#");
    Claim claim = fixture.claimOf("deaf");

    AuditFixture.get(fixture.store.closeOrphan(claim));

    soon().until(() -> claim.host().equals(fixture.session("deaf").orElseThrow().host()));
    soon().until(() -> fixture.repaired("session_closed") == 1);
    fixture.publish(fixture.last(), "a/x", "after");
    soon().untilAsserted(() -> assertThat(subscriber.received).containsExactly("after"));
    assertThat(subscriber.ends).isEmpty();
  }

  /** The same with an index that knows of it, so that appends wake nobody. */
  @ParameterizedTest
  @ValueSource(ints = 3)
  void what_came_while_a_session_was_closed_is_delivered(int nodes) {
    fixture = new AuditFixture(nodes, new AuditPace(200, 3_000));
    String id = HomeIds.at(fixture.cluster, 1, "deaf");
    var subscriber = fixture.connect(id, 0, true, "a/#");
    AuditFixture.get(fixture.store.closeOrphan(fixture.claimOf(id)));
    AuditFixture.get(
        fixture.node(2).cluster().peers().index(fixture.node(1).id(), ClientId.of(id)));

    fixture.publish(2, "a/x", "meanwhile");

    soon().untilAsserted(() -> assertThat(subscriber.received).containsExactly("meanwhile"));
    soon().until(() -> fixture.repaired("session_closed") == 1);
    assertThat(subscriber.ends).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_claim_without_a_connection_is_released_and_its_will_published_once(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var watcher = fixture.connect("watcher", 0, false, "gone/#");
    Will will =
        new Will(
            TopicName.of("gone/x"),
            Buffer.buffer("its will"),
            Qos.AT_LEAST_ONCE,
            false,
            0,
            Will.NO_EXPIRY,
            PublicationProperties.NONE);

    AuditFixture.get(
        fixture.directory(fixture.last()).claim(ClientId.of("nobody"), will, "nowhere:1"));

    soon().until(() -> fixture.claim("nobody").isEmpty());
    soon().until(() -> fixture.repaired("claim_left") == 1);
    soon().untilAsserted(() -> assertThat(watcher.received).containsExactly("its will"));
  }

  /** Neither claim nor connection, but the stored session says that its client is connected. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_session_without_a_connection_goes_offline_and_keeps_what_it_has(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    ClientId id = ClientId.of("nobody");
    var directory = fixture.directory(fixture.last());
    Claim claim = AuditFixture.get(directory.claim(id, null, "nowhere:1")).claim();
    AuditFixture.get(fixture.store.open(claim, false, 3_600));
    AuditFixture.get(directory.release(claim, new Release(WillFate.DISCARD, 0, false)));
    append(id, 1, "kept");

    soon()
        .untilAsserted(
            () -> {
              var session = fixture.session("nobody").orElseThrow();
              assertThat(session.host()).isNull();
              assertThat(session.expiresAtMillis()).isLessThan(Long.MAX_VALUE);
              assertThat(session.inboxDepth()).isOne();
            });
    soon().until(() -> fixture.repaired("claim_left") >= 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_connection_whose_claim_was_forgotten_takes_it_up_again(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var durable = fixture.connect("durable", 0, true, "a/#");
    var transients = fixture.connect("transient", fixture.last(), false, "a/#");
    List<Claim> claims = List.of(fixture.claimOf("durable"), fixture.claimOf("transient"));

    for (Claim claim : claims) {
      AuditFixture.get(fixture.directory(0).forget(claim.clientId(), claim.epoch()));
    }

    soon().until(() -> fixture.repaired("claim_lost") == 2);
    for (Claim claim : claims) {
      assertThat(fixture.claim(claim.clientId().value())).map(ClaimView::claim).contains(claim);
      assertThat(fixture.claim(claim.clientId().value())).map(ClaimView::connected).contains(true);
    }
    var successor = fixture.connect("transient", 0, false, "a/#");
    soon().untilAsserted(() -> assertThat(transients.ends).containsExactly("SESSION_TAKEN_OVER"));
    assertThat(durable.ends).isEmpty();
    assertThat(successor.ends).isEmpty();
  }

  /** Both sides of a split admitted the client; after it only one claim is left. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void of_two_connections_with_one_id_the_one_without_the_claim_ends(int nodes) {
    fixture = new AuditFixture(nodes, new AuditPace(5_000, 300));
    var older = fixture.connect("twice", 0, false, "a/#");
    Claim claim = fixture.claimOf("twice");
    AuditFixture.get(fixture.directory(0).forget(claim.clientId(), claim.epoch()));

    var newer = fixture.connect("twice", fixture.last(), false, "a/#");

    soon().untilAsserted(() -> assertThat(older.ends).containsExactly("SESSION_TAKEN_OVER"));
    fixture.publish(0, "a/x", "to one");
    soon().untilAsserted(() -> assertThat(newer.received).containsExactly("to one"));
    assertThat(newer.ends).isEmpty();
    assertThat(older.received).isEmpty();
  }

  /** A newer claim that names a living node, which has no connection under it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_left_over_claim_gives_way_to_the_connection_that_lives(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var client = fixture.connect("lives", 0, false, "a/#");
    Claim claim = fixture.claimOf("lives");
    AuditFixture.get(fixture.directory(0).forget(claim.clientId(), claim.epoch()));
    Claim younger =
        AuditFixture.get(fixture.directory(fixture.last()).claim(claim.clientId(), null, ""))
            .claim();
    assertThat(younger.epoch()).isGreaterThan(claim.epoch());

    soon()
        .until(
            () -> fixture.claim("lives").map(ClaimView::claim).filter(claim::equals).isPresent());
    soon().until(() -> fixture.repaired("claim_left") == 1 && fixture.repaired("claim_lost") == 1);
    assertThat(client.ends).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_reader_that_nobody_woke_sends_what_is_in_the_inbox(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var subscriber = fixture.connect("asleep", fixture.last(), true, "a/#");

    append(ClientId.of("asleep"), 1, "unheard");

    soon().untilAsserted(() -> assertThat(subscriber.received).containsExactly("unheard"));
    soon().until(() -> fixture.repaired("reader_stuck") == 1);
    append(ClientId.of("asleep"), 2, "next");
    soon().untilAsserted(() -> assertThat(subscriber.received).containsExactly("unheard", "next"));
    assertThat(subscriber.ends).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void routes_follow_the_subscriptions_again(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    var routes = fixture.node(0).cluster().routes();
    fixture.connect("listener", 0, false, "live/#");
    fixture.connect("member", 0, true, "$share/group/shared/#");
    SharedFilter live = SharedFilter.parse("live/#");
    SharedFilter share = SharedFilter.parse("$share/group/shared/#");
    SharedFilter ghost = SharedFilter.parse("ghost/#");
    ClusteredBroker home = home("member");
    var homeRoutes = home.cluster().routes();
    soon().until(() -> homeRoutes.isOwn(share, RouteKind.DURABLE_CONNECTED, 1));

    AuditFixture.get(routes.withdraw(live, RouteKind.LIVE));
    AuditFixture.get(homeRoutes.withdraw(share, RouteKind.DURABLE_CONNECTED));
    AuditFixture.get(routes.advertise(ghost, RouteKind.LIVE));

    soon()
        .untilAsserted(
            () -> {
              assertThat(routes.isOwn(live, RouteKind.LIVE, 1)).isTrue();
              assertThat(homeRoutes.isOwn(share, RouteKind.DURABLE_CONNECTED, 1)).isTrue();
              assertThat(routes.isOwn(ghost, RouteKind.LIVE, 1)).isFalse();
            });
    for (int peer = 1; peer < nodes; peer++) {
      int at = peer;
      soon().until(() -> matches(at, fixture.node(0).id(), "live/x") == 1);
      soon().until(() -> matches(at, fixture.node(0).id(), "ghost/x") == 0);
    }
    soon().until(() -> fixture.repaired("route_wrong") == 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void routes_that_the_shared_table_lost_are_written_again(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    fixture.connect("listener", 0, false, "live/#");
    var table = fixture.node(0).cluster().hazelcast().getMap("limpet.routes");
    int size = table.size();
    table.clear();

    soon().until(() -> table.size() == size);
    soon().until(() -> fixture.repaired("routes_lost") >= size);
  }

  /** A share group counts a member as away that is connected. */
  @ParameterizedTest
  @ValueSource(ints = 3)
  void a_session_that_its_home_knows_wrongly_is_read_again(int nodes) {
    fixture = new AuditFixture(nodes, BRISK);
    String id = HomeIds.at(fixture.cluster, 1, "member");
    fixture.connect(id, 0, true, "$share/group/shared/#");
    SharedFilter share = SharedFilter.parse("$share/group/shared/#");
    var homeRoutes = fixture.node(1).cluster().routes();
    Claim claim = fixture.claimOf(id);
    AuditFixture.get(fixture.store.closeOrphan(claim));
    AuditFixture.get(
        fixture.node(2).cluster().peers().index(fixture.node(1).id(), ClientId.of(id)));
    AuditFixture.get(fixture.store.reopen(claim, null));

    soon().until(() -> fixture.repaired("index_stale") + fixture.repaired("session_closed") >= 1);
    soon().until(() -> homeRoutes.isOwn(share, RouteKind.DURABLE_CONNECTED, 1));
  }

  private int matches(int at, NodeId of, String topic) {
    List<NodeId> found = new ArrayList<>();
    fixture
        .node(at)
        .cluster()
        .routes()
        .match(TopicName.of(topic), route -> found.add(route.node()));
    found.removeIf(each -> !each.equals(of));
    return found.size();
  }

  private ClusteredBroker home(String id) {
    NodeId home = fixture.node(0).cluster().membership().homeOf(ClientId.of(id));
    return fixture.cluster.nodes().stream()
        .map(EmbeddedNode::broker)
        .filter(each -> each.id().equals(home))
        .findFirst()
        .orElseThrow();
  }

  /** Puts a message in an inbox and tells nobody. */
  private void append(ClientId to, long number, String text) {
    Publication publication =
        new Publication(
            new PublicationId(4_711, number),
            ClientId.of("planter"),
            TopicName.of("a/x"),
            Buffer.buffer(text.getBytes(UTF_8)),
            Qos.AT_LEAST_ONCE,
            false,
            Publication.NEVER,
            PublicationProperties.NONE);
    Delivery delivery = new Delivery(publication, Qos.AT_LEAST_ONCE, false, List.of());
    AuditFixture.get(fixture.store.append(publication, List.of(new InboxTarget(to, delivery))));
  }
}
