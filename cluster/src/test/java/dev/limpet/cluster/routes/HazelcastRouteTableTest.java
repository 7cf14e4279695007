package dev.limpet.cluster.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.cluster.member.TestMembers;
import dev.limpet.cluster.peer.FrameKind;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HazelcastRouteTableTest {

  private static final Buffer NOTHING =
      new BinaryWriter(Buffer.buffer()).varint(0).flag(false).int64(0).buffer();

  private final Vertx vertx = Vertx.vertx();
  private final TestMembers members = new TestMembers(List.of(RouteMap::configure));
  private RouteNode a;
  private RouteNode b;

  @BeforeEach
  void startTwo() {
    a = start("a");
    b = start("b");
    get(a.routes.whenComplete());
    get(b.routes.whenComplete());
  }

  @AfterEach
  void stop() {
    members.close();
    vertx.close().await();
  }

  @Test
  void advertise_completes_when_every_peer_routes() {
    RouteNode c = start("c");
    get(c.routes.whenComplete());
    for (int i = 0; i < 100; i++) {
      get(a.routes.advertise(filter("t/" + i), RouteKind.LIVE));
      Route route = new Route(a.id(), filter("t/" + i), RouteKind.LIVE);
      assertThat(b.match("t/" + i)).containsExactly(route);
      assertThat(c.match("t/" + i)).containsExactly(route);
      assertThat(a.match("t/" + i)).isEmpty();
    }
  }

  @Test
  void changes_of_one_route_take_effect_in_order() {
    Random random = new Random(7);
    List<CompletableFuture<Void>> changes = new ArrayList<>();
    boolean[] wanted = new boolean[10];
    for (int i = 0; i < 5_000; i++) {
      int route = random.nextInt(wanted.length);
      wanted[route] = random.nextBoolean();
      SharedFilter filter = filter("order/" + route);
      changes.add(
          (wanted[route]
                  ? a.routes.advertise(filter, RouteKind.DURABLE)
                  : a.routes.withdraw(filter, RouteKind.DURABLE))
              .toCompletableFuture());
    }
    changes.forEach(CompletableFuture::join);
    for (int route = 0; route < wanted.length; route++) {
      assertThat(b.match("order/" + route)).hasSize(wanted[route] ? 1 : 0);
    }
  }

  @Test
  void a_joining_node_gets_a_hundred_thousand_routes_before_it_is_complete() {
    List<CompletableFuture<Void>> changes = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      changes.add(
          a.routes.advertise(filter("many/" + i + "/+"), RouteKind.DURABLE).toCompletableFuture());
    }
    changes.forEach(CompletableFuture::join);

    RouteNode c = start("c");
    get(c.routes.whenComplete());

    for (int i = 0; i < 100_000; i += 111) {
      assertThat(c.match("many/" + i + "/x")).hasSize(1);
    }
  }

  @Test
  void a_lost_change_is_repaired_from_the_truth() {
    AtomicInteger lost = new AtomicInteger();
    loseRoutesOf("c", () -> lost.incrementAndGet() == 2);
    RouteNode c = start("c");
    get(c.routes.whenComplete());
    get(a.routes.whenComplete());
    await().until(() -> linkedTo(c, a) && linkedTo(c, b));
    lost.set(0);

    CompletionStage<Void> first = c.routes.advertise(filter("lost"), RouteKind.LIVE);
    await().until(() -> lost.get() >= 2);
    get(c.routes.advertise(filter("next"), RouteKind.LIVE));

    assertThat(a.match("lost")).hasSize(1);
    assertThat(b.match("lost")).hasSize(1);
    assertThat(first.toCompletableFuture()).isNotCompletedExceptionally();
  }

  @Test
  void a_digest_repairs_what_no_later_change_uncovers() {
    loseRoutesOf("c", () -> true);
    RouteNode c = start("c");
    await().until(() -> linkedTo(c, a));
    c.routes.advertise(filter("silent"), RouteKind.LIVE);

    await()
        .untilAsserted(
            () -> {
              c.routes.tellDigest();
              assertThat(a.match("silent")).hasSize(1);
            });
  }

  @Test
  void a_truth_the_cluster_lost_is_written_again() {
    get(a.routes.advertise(filter("kept"), RouteKind.LIVE));
    members.node(1).instance().getMap(RouteMap.NAME).clear();

    await()
        .untilAsserted(
            () -> {
              a.routes.checkTruth();
              assertThat(members.node(1).instance().getMap(RouteMap.NAME).size()).isOne();
            });
    get(a.routes.advertise(filter("more"), RouteKind.LIVE));
    assertThat(b.match("kept")).hasSize(1);
    assertThat(b.match("more")).hasSize(1);
  }

  /** Issue 9, the background audit. The kind: the same number, and something else behind it. */
  @Test
  void a_truth_that_was_mixed_up_is_written_again() {
    get(a.routes.advertise(filter("kept"), RouteKind.LIVE));
    IMap<String, RouteSet> truth = members.node(1).instance().getMap(RouteMap.NAME);
    truth.set(RouteMap.key(a.id()), other(a.id(), truth));

    await().untilAsserted(() -> assertThat(get(a.routes.checkTruth())).isTrue());

    await()
        .untilAsserted(
            () ->
                assertThat(truth.get(RouteMap.key(a.id())).routes())
                    .containsExactly(new RouteKey(filter("kept"), RouteKind.LIVE, 1)));
    await().untilAsserted(() -> assertThat(get(a.routes.checkTruth())).isFalse());
  }

  /** The same, in a peer's replica: it joins while the truth is wrong. */
  @Test
  void a_digest_uncovers_a_replica_that_holds_something_else() {
    get(a.routes.advertise(filter("kept"), RouteKind.LIVE));
    IMap<String, RouteSet> truth = members.node(1).instance().getMap(RouteMap.NAME);
    RouteSet right = truth.get(RouteMap.key(a.id()));
    truth.set(RouteMap.key(a.id()), other(a.id(), truth));
    RouteNode c = start("c");
    await().untilAsserted(() -> assertThat(c.match("other")).hasSize(1));
    truth.set(RouteMap.key(a.id()), right);

    await()
        .untilAsserted(
            () -> {
              a.routes.tellDigest();
              assertThat(c.match("kept")).hasSize(1);
              assertThat(c.match("other")).isEmpty();
            });
  }

  /** A set with the same number and another route. */
  private static RouteSet other(NodeId node, IMap<String, RouteSet> truth) {
    long sequence = truth.get(RouteMap.key(node)).sequence();
    RouteSet other = new RouteSet(node, 0, List.of());
    RouteKey key = new RouteKey(filter("other"), RouteKind.LIVE, 1);
    other.apply(new RouteDelta(0, sequence, List.of(key), List.of()));
    return other;
  }

  @Test
  void of_a_dead_node_only_durable_routes_stay_until_it_is_recovered() {
    get(b.routes.advertise(filter("live"), RouteKind.LIVE));
    get(b.routes.advertise(filter("durable"), RouteKind.DURABLE));
    NodeId dead = b.id();

    members.node(1).terminate();

    await().untilAsserted(() -> assertThat(a.match("live")).isEmpty());
    assertThat(a.match("durable")).hasSize(1);
    RouteNode c = start("c");
    c.routes.loadDeparted();
    assertThat(c.match("durable")).hasSize(1);
    assertThat(c.routes.departed()).containsExactly(dead);

    a.routes.recovered(dead);
    c.routes.recovered(dead);
    assertThat(a.match("durable")).isEmpty();
    assertThat(c.match("durable")).isEmpty();
    get(a.routes.advertise(filter("after"), RouteKind.LIVE));
    await()
        .untilAsserted(
            () -> assertThat(members.node(0).instance().getMap(RouteMap.NAME).size()).isOne());
  }

  private boolean linkedTo(RouteNode from, RouteNode to) {
    return from.transport
        .ask(to.id(), FrameKind.DIGEST, NOTHING)
        .thenApply(ignored -> true)
        .exceptionally(failure -> false)
        .completeOnTimeout(false, 1, TimeUnit.SECONDS)
        .join();
  }

  /** What a node tells the first two of its routes is lost when {@code lost} says so. */
  private void loseRoutesOf(String name, BooleanSupplier lost) {
    for (RouteNode node : List.of(a, b)) {
      node.loseFrames(FrameKind.ROUTES, from -> from.name().equals(name) && lost.getAsBoolean());
    }
  }

  private RouteNode start(String name) {
    NodeId id = new NodeId(name, ThreadLocalRandom.current().nextLong());
    return new RouteNode(vertx, members, id);
  }

  private static SharedFilter filter(String text) {
    return SharedFilter.parse(text);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }
}
