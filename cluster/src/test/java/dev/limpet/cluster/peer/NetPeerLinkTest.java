package dev.limpet.cluster.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetPeerLinkTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", -2);
  private static final List<SharedFilter> GROUPS =
      List.of(SharedFilter.parse("$share/g/t/+"), SharedFilter.parse("$share/h/#"));

  private final Vertx vertx = Vertx.vertx();
  private final PeerTransport transportA = transport(A);
  private final PeerTransport transportB = transport(B);
  private final NetPeerLink a = new NetPeerLink(transportA);
  private final NetPeerLink b = new NetPeerLink(transportB);
  private final Answering atA = new Answering();
  private final Answering atB = new Answering();

  @BeforeEach
  void connect() {
    int portOfA = transportA.listen("127.0.0.1", 0).await();
    int portOfB = transportB.listen("127.0.0.1", 0).await();
    a.open(new FixedMembership(A, Set.of(A, B), A), atA);
    b.open(new FixedMembership(B, Set.of(A, B), A), atB);
    transportA.joined(B, SocketAddress.inetSocketAddress(portOfB, "127.0.0.1"));
    transportB.joined(A, SocketAddress.inetSocketAddress(portOfA, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    transportA.close().await();
    transportB.close().await();
    vertx.close().await();
  }

  @Test
  void publications_arrive_whole_and_in_order_on_both_paths() {
    Publication live = publication(1, Qos.AT_MOST_ONCE);
    Publication durable = publication(2, Qos.EXACTLY_ONCE);

    a.deliver(B, live, GROUPS);
    get(a.append(B, durable, List.of()));

    assertThat(atB.heard)
        .containsExactly("deliver " + live + GROUPS, "append " + durable + List.of());
  }

  /**
   * Issue 8: six files more for a peer: these, {@code OutgoingLink} before and {@code
   * ClusterEntrance} behind them. The kind: a stage that only hands on.
   */
  @Test
  void a_publication_passes_through_few_files() {
    a.deliver(B, publication(1, Qos.AT_MOST_ONCE), List.of());
    get(a.append(B, publication(2, Qos.AT_LEAST_ONCE), List.of()));
    assertThat(atB.passed)
        .containsExactlyInAnyOrder(
            "NetPeerLink", "PeerTransport", "IncomingLinks", "FrameSplitter");
  }

  @Test
  void what_a_member_leaves_arrives_with_its_group_and_is_answered() {
    Publication left = publication(3, Qos.AT_LEAST_ONCE);
    get(a.handOn(B, left, GROUPS.get(0), true));
    get(a.handOn(B, left, GROUPS.get(1), false));
    assertThat(atB.heard)
        .containsExactly(
            "hand on " + left + GROUPS.get(0) + true, "hand on " + left + GROUPS.get(1) + false);
    atB.answer = CompletableFuture.failedStage(new ClusterUnavailableException("nobody", null));
    assertThatThrownBy(() -> get(a.handOn(B, left, GROUPS.get(0), true)))
        .hasCauseInstanceOf(ClusterUnavailableException.class);
  }

  @Test
  void an_append_that_fails_says_why() {
    atB.answer = CompletableFuture.failedStage(new FencedException(ClientId.of("c"), 3));
    assertThatThrownBy(() -> get(a.append(B, publication(1, Qos.AT_LEAST_ONCE), List.of())))
        .hasCauseInstanceOf(FencedException.class);
  }

  @Test
  void claims_travel_with_evict_and_wake() {
    Claim claim = new Claim(ClientId.of("c"), B, 1L << 52);

    a.wake(claim, 7);
    assertThat(get(a.evict(claim))).isEqualTo(new Ending(true, false));

    assertThat(atB.heard).containsExactly("wake " + claim + 7, "evict " + claim);
  }

  @Test
  void a_peer_answers_behind_what_it_was_sent_and_says_how_far_it_has_numbered() {
    assertThat(get(a.settle(B))).isEqualTo(1L << 40);
    assertThat(atB.heard).containsExactly("settle");
  }

  @Test
  void the_steps_of_a_replay_arrive_whole_and_in_order() {
    Subscription subscription = Subscription.plain(SharedFilter.parse("t/#"), Qos.EXACTLY_ONCE);
    List<ReplayStep> steps =
        List.of(
            new ReplayStep.Begin(7, ClientId.of("c"), subscription),
            new ReplayStep.Draw(7),
            new ReplayStep.Page(7, List.of(publication(1, Qos.AT_LEAST_ONCE)), false),
            new ReplayStep.Page(7, List.of(), true),
            new ReplayStep.End(1L << 40));
    steps.forEach(step -> get(a.replay(B, step)));
    assertThat(atB.heard)
        .containsExactlyElementsOf(steps.stream().map(step -> "replay " + step).toList());
  }

  @Test
  void only_the_home_indexes() {
    get(b.index(A, ClientId.of("c")));
    assertThat(atA.heard).containsExactly("index [c]");
    assertThatThrownBy(() -> get(a.index(B, ClientId.of("c"))))
        .hasCauseInstanceOf(NotHomeException.class);
  }

  @Test
  void what_a_host_knows_of_a_client_travels_back() {
    Claim claim = new Claim(ClientId.of("known"), B, 5);
    ClientView view =
        new ClientView(
            claim,
            true,
            3,
            "10.0.0.1:5",
            List.of(Subscription.plain(GROUPS.get(0), Qos.AT_LEAST_ONCE)));
    atB.view = view;

    assertThat(get(a.inspect(B, ClientId.of("known")))).contains(view);
    assertThat(get(a.inspect(B, ClientId.of("unknown")))).isEmpty();
  }

  @Test
  void what_a_host_has_under_claims_travels_back() {
    List<Claim> claims =
        List.of(2, 0, 1).stream().map(i -> new Claim(ClientId.of("c" + i), B, i)).toList();
    assertThat(get(a.holdings(B, claims)))
        .containsExactly(Holding.CONNECTED, Holding.NONE, Holding.CONNECTING);
  }

  @Test
  void a_burst_to_one_peer_keeps_its_order() {
    for (int i = 0; i < 5_000; i++) {
      a.deliver(B, publication(i + 1, Qos.AT_LEAST_ONCE), List.of());
    }
    await().until(() -> atB.heard.size() == 5_000);
    for (int i = 0; i < 5_000; i++) {
      assertThat(atB.heard.get(i)).contains("sequence=" + (i + 1) + "]");
    }
  }

  private PeerTransport transport(NodeId self) {
    return new PeerTransport(
        vertx,
        new PeerTransport.Setup(
            "test", self, PeerOptions.defaults(), Clocks.set(), new SimpleMeterRegistry()));
  }

  private static Publication publication(long sequence, Qos qos) {
    return new Publication(
        new PublicationId(-1, sequence),
        ClientId.of("publisher"),
        TopicName.of("t/x"),
        Buffer.buffer("payload"),
        qos,
        true,
        1_000,
        new PublicationProperties(
            PayloadFormat.UTF_8,
            "text/plain",
            "answer",
            null,
            List.of(new UserProperty("k", "v"))));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** A broker that answers what the test wants. Thread-safe. */
  private static final class Answering implements ClusterListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile Set<String> passed = Set.of();
    private volatile CompletionStage<Void> answer = CompletableFuture.completedStage(null);
    private volatile @Nullable ClientView view;

    @Override
    public void onDeliver(Publication publication, List<SharedFilter> groups) {
      passed = StackWalker.getInstance().walk(Answering::files);
      heard.add("deliver " + publication + groups);
    }

    private static Set<String> files(Stream<StackWalker.StackFrame> frames) {
      return frames
          .map(StackWalker.StackFrame::getClassName)
          .filter(name -> name.startsWith("dev.limpet.cluster.peer."))
          .map(name -> name.substring(name.lastIndexOf('.') + 1).replaceFirst("\\$.*", ""))
          .filter(name -> !name.equals("NetPeerLinkTest"))
          .collect(Collectors.toSet());
    }

    @Override
    public CompletionStage<Void> onAppend(Publication publication, List<SharedFilter> groups) {
      heard.add("append " + publication + groups);
      return answer;
    }

    @Override
    public CompletionStage<Void> onHandOn(
        Publication publication, SharedFilter group, boolean durable) {
      heard.add("hand on " + publication + group + durable);
      return answer;
    }

    @Override
    public CompletionStage<Ending> onEvict(Claim old) {
      heard.add("evict " + old);
      return CompletableFuture.completedStage(new Ending(true, false));
    }

    @Override
    public CompletionStage<Set<SharedFilter>> onDeliverAgain(Publication publication) {
      return CompletableFuture.completedStage(Set.of());
    }

    @Override
    public CompletionStage<Long> onSettle() {
      heard.add("settle");
      return CompletableFuture.completedStage(1L << 40);
    }

    @Override
    public CompletionStage<Void> onReplay(NodeId host, ReplayStep step) {
      heard.add("replay " + step);
      return answer;
    }

    @Override
    public void onWake(Claim reader, long sequence) {
      heard.add("wake " + reader + sequence);
    }

    @Override
    public CompletionStage<Void> onIndex(Collection<ClientId> clientIds) {
      heard.add("index " + clientIds);
      return answer;
    }

    @Override
    public Optional<ClientView> onInspect(ClientId clientId) {
      return Optional.ofNullable(view).filter(each -> each.claim().clientId().equals(clientId));
    }

    @Override
    public void onIndexedElsewhere(Predicate<ClientId> moved) {}

    @Override
    public void onOrphan(Claim orphan, @Nullable Will will) {}

    @Override
    public void onServing(boolean serving) {
      throw new UnsupportedOperationException("no peer says so");
    }

    @Override
    public void onNodeLeft(NodeId node) {}

    @Override
    public void onRecovered(NodeId departed) {}

    @Override
    public List<Holding> onHoldings(List<Claim> claims) {
      return claims.stream().map(claim -> Holding.values()[(int) claim.epoch()]).toList();
    }

    @Override
    public AuditedBroker audited() {
      throw new UnsupportedOperationException("nobody audits here");
    }
  }
}
