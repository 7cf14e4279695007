package dev.limpet.cluster.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.cluster.ClusteredBrokerOptions;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTransportTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final Buffer EMPTY = Buffer.buffer();

  private final Vertx vertx = Vertx.vertx();
  private final List<PeerTransport> transports = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    transports.forEach(each -> each.close().await());
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void frames_are_handled_once_and_in_order_across_broken_connections(long seed) {
    PeerOptions patient =
        PeerOptions.builder()
            .linkBytesMax(64L << 20)
            .frameBytesMax(32 << 20)
            .requestMillisMax(60_000)
            .build();
    PeerTransport a = transport(A, patient);
    PeerTransport b = transport(B, patient);
    List<Long> handled = new CopyOnWriteArrayList<>();
    b.handle(
        FrameKind.APPEND,
        (from, body) -> {
          handled.add(body.varint());
          return CompletableFuture.completedStage(EMPTY);
        });
    connect(a, b, new CuttingRelay(vertx, new Random(seed)));

    List<CompletableFuture<Buffer>> answers = new ArrayList<>();
    for (long i = 0; i < 3_000; i++) {
      answers.add(a.ask(B, FrameKind.APPEND, number(i)));
      if (i % 600 == 0) {
        long sent = i;
        await().until(() -> handled.size() > sent - 1_000);
      }
    }

    answers.forEach(CompletableFuture::join);
    assertThat(handled).containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
    assertThat(meters.counter("limpet.peer.connections", "peer", "b").count()).isGreaterThan(1);
    await().untilAsserted(() -> assertThat(a.pendingBytes(B)).isZero());
  }

  @Test
  void answers_and_failures_come_back_as_what_they_are() {
    PeerTransport a = transport(A, PeerOptions.defaults());
    PeerTransport b = transport(B, PeerOptions.defaults());
    ClientId client = ClientId.of("c");
    b.handle(
        FrameKind.INSPECT,
        (from, body) ->
            CompletableFuture.completedStage(Buffer.buffer("seen " + body.varint() + from)));
    b.handle(
        FrameKind.EVICT,
        (from, body) -> CompletableFuture.failedStage(new FencedException(client, 7)));
    b.handle(
        FrameKind.INDEX,
        (from, body) -> {
          throw new NotHomeException(client);
        });
    connect(a, b);

    assertThat(a.ask(B, FrameKind.INSPECT, number(5)).join().toString()).isEqualTo("seen 5a");
    assertThatThrownBy(() -> a.ask(B, FrameKind.EVICT, EMPTY).join())
        .hasCauseInstanceOf(FencedException.class)
        .hasMessageContaining("epoch 7 of client c");
    assertThatThrownBy(() -> a.ask(B, FrameKind.INDEX, EMPTY).join())
        .hasCauseInstanceOf(NotHomeException.class);
    assertThatThrownBy(() -> a.ask(B, FrameKind.WAKE, EMPTY).join())
        .hasCauseInstanceOf(ClusterUnavailableException.class);
  }

  @Test
  void a_peer_that_leaves_fails_what_waits_for_it() {
    PeerTransport a = transport(A, PeerOptions.defaults());
    PeerTransport b = transport(B, PeerOptions.defaults());
    b.handle(FrameKind.APPEND, (from, body) -> new CompletableFuture<>());
    connect(a, b);
    CompletableFuture<Buffer> waiting = a.ask(B, FrameKind.APPEND, EMPTY);

    a.left(B);

    assertThatThrownBy(waiting::join).hasCauseInstanceOf(PeerGoneException.class);
  }

  @Test
  void a_request_without_an_answer_fails_in_time() {
    PeerOptions hasty =
        PeerOptions.builder()
            .linkBytesMax(1 << 20)
            .frameBytesMax(1 << 20)
            .requestMillisMax(100)
            .retryMillisMax(100)
            .build();
    PeerTransport a = transport(A, hasty);
    PeerTransport b = transport(B, hasty);
    b.handle(FrameKind.APPEND, (from, body) -> new CompletableFuture<>());
    connect(a, b);

    assertThatThrownBy(() -> a.ask(B, FrameKind.APPEND, EMPTY).join())
        .hasCauseInstanceOf(ClusterUnavailableException.class)
        .hasMessageContaining("did not answer within 100 ms");
    await().until(() -> a.pendingBytes(B) == 0);
  }

  @Test
  void the_largest_packet_of_a_node_finds_room_on_its_links() {
    int packetBytes = 40 << 20;
    NodeOptions node =
        NodeOptions.of(
            Settings.merge(
                List.of(
                    List.of(
                        Setting.ofFlag(
                            OptionKey.MAX_PACKET_BYTES, List.of(Integer.toString(packetBytes)))))));
    PeerOptions options = ClusteredBrokerOptions.of(node).cluster().peers();
    PeerTransport a = transport(A, options);
    PeerTransport b = transport(B, options);
    AtomicInteger got = new AtomicInteger();
    b.handle(
        FrameKind.APPEND,
        (from, body) -> {
          got.set(body.remaining());
          return CompletableFuture.completedStage(EMPTY);
        });
    connect(a, b);
    a.ask(B, FrameKind.APPEND, Buffer.buffer(new byte[packetBytes])).join();
    assertThat(got).hasValue(packetBytes);
    a.deliver(B, false, FrameKind.DELIVER, Buffer.buffer(new byte[packetBytes]), EMPTY);
    assertThat(dropped()).isZero();
  }

  @Test
  void a_full_link_drops_live_deliveries_and_refuses_requests() {
    PeerOptions small =
        PeerOptions.builder()
            .linkBytesMax(10_000)
            .frameBytesMax(9_000)
            .requestMillisMax(60_000)
            .retryMillisMax(100)
            .build();
    PeerTransport a = transport(A, small);
    PeerTransport b = transport(B, small);
    a.open(new FixedMembership(A, Set.of(A, B), A));
    a.joined(B, SocketAddress.inetSocketAddress(b.listen("127.0.0.1", 0).await(), "127.0.0.1"));
    Buffer kilobyte = Buffer.buffer(new byte[1_000]);

    for (int i = 0; i < 20; i++) {
      a.deliver(B, false, FrameKind.DELIVER, kilobyte, EMPTY);
    }
    assertThat(dropped()).isEqualTo(15);
    for (int i = 0; i < 20; i++) {
      a.deliver(B, true, FrameKind.DELIVER, kilobyte, EMPTY);
    }
    assertThat(dropped()).isEqualTo(30);
    assertThatThrownBy(() -> a.ask(B, FrameKind.APPEND, EMPTY).join())
        .hasCauseInstanceOf(ClusterUnavailableException.class);
    assertThat(a.pendingBytes(B)).isLessThan(12_000);
  }

  @Test
  void strangers_and_former_lives_are_not_let_in() {
    PeerTransport b = transport(B, PeerOptions.defaults());
    NodeId stranger = new NodeId("stranger", 9);

    b.open(new FixedMembership(B, Set.of(A, B), B));
    b.joined(A, SocketAddress.inetSocketAddress(1, "127.0.0.1"));

    assertThat(b.objection(new Hello("test", A, B, 1, 1))).isNull();
    assertThat(b.objection(new Hello("test", stranger, B, 1, 1))).contains("unknown member");
    assertThat(b.objection(new Hello("other", A, B, 1, 1))).contains("cluster test");
    assertThat(b.objection(new Hello("test", A, new NodeId("b", 1), 1, 1))).contains("is gone");
  }

  @Test
  void a_peer_is_let_in_once_it_can_be_answered() {
    PeerTransport b = transport(B, PeerOptions.defaults());
    b.open(new FixedMembership(B, Set.of(A, B), B));
    Hello hello = new Hello("test", A, B, 1, 1);

    assertThat(b.objection(hello)).isNotNull();
    b.joined(A, SocketAddress.inetSocketAddress(1, "127.0.0.1"));
    assertThat(b.objection(hello)).isNull();
    b.left(A);
    assertThat(b.objection(hello)).isNotNull();
  }

  @RepeatedTest(50)
  void what_is_sent_when_a_link_is_made_arrives() {
    PeerTransport a = transport(A, PeerOptions.defaults());
    PeerTransport b = transport(B, PeerOptions.defaults());
    CompletableFuture<NodeId> heard = new CompletableFuture<>();
    b.handle(
        FrameKind.DIGEST,
        (from, body) -> {
          heard.complete(from);
          return CompletableFuture.completedStage(EMPTY);
        });
    a.onLinked(peer -> a.tell(peer, FrameKind.DIGEST, EMPTY));

    connect(a, b);

    assertThat(heard.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(A);
  }

  private double dropped() {
    return meters.counter("limpet.peer.deliveries.dropped", "peer", "b").count();
  }

  private PeerTransport transport(NodeId self, PeerOptions options) {
    PeerTransport transport =
        new PeerTransport(
            vertx, new PeerTransport.Setup("test", self, options, Clocks.set(), meters));
    transports.add(transport);
    return transport;
  }

  private static void connect(PeerTransport a, PeerTransport b) {
    connect(a, b, address -> address);
  }

  /** Each reaches the other where {@code way} says for its address. */
  private static void connect(PeerTransport a, PeerTransport b, UnaryOperator<SocketAddress> way) {
    int portOfA = a.listen("127.0.0.1", 0).await();
    int portOfB = b.listen("127.0.0.1", 0).await();
    a.open(new FixedMembership(A, Set.of(A, B), A));
    b.open(new FixedMembership(B, Set.of(A, B), A));
    a.joined(B, way.apply(SocketAddress.inetSocketAddress(portOfB, "127.0.0.1")));
    b.joined(A, way.apply(SocketAddress.inetSocketAddress(portOfA, "127.0.0.1")));
  }

  private static Buffer number(long value) {
    return new BinaryWriter(Buffer.buffer()).varint(value).buffer();
  }
}
