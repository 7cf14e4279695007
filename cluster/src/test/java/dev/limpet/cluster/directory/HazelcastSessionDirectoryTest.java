package dev.limpet.cluster.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.TestMembers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HazelcastSessionDirectoryTest {

  private static final Will WILL = will(0);
  private static final AtomicLong CLOCK = new AtomicLong(1_000_000);
  private static final AsyncRetry RETRY = new AsyncRetry(5_000);

  private static TestMembers members;
  private static final List<HazelcastSessionDirectory> directories = new ArrayList<>();
  private static final List<NodeId> nodes = new ArrayList<>();

  @BeforeAll
  static void startCluster() {
    members = new TestMembers(List.of(DirectoryMap::configure));
    for (int i = 0; i < 2; i++) {
      HazelcastMembership membership = members.start("node-" + i);
      nodes.add(membership.self());
      directories.add(
          new HazelcastSessionDirectory(
              members.node(i).instance(), membership.self(), CLOCK::get, RETRY));
    }
  }

  @AfterAll
  static void stopCluster() {
    members.close();
  }

  @Test
  void the_later_claim_sees_the_earlier_with_its_will() {
    ClientId id = ClientId.of("later");
    Claimed first = get(directories.get(0).claim(id, WILL, "10.0.0.1:1"));
    Claimed second = get(directories.get(1).claim(id, null, "10.0.0.2:2"));

    assertThat(first.previous()).isNull();
    assertThat(first.known()).isFalse();
    assertThat(second.previous()).isEqualTo(first.claim());
    assertThat(second.unsentWill()).isEqualTo(WILL);
    assertThat(second.known()).isTrue();
    assertThat(second.claim().epoch()).isGreaterThan(first.claim().epoch());
    assertThat(get(directories.get(0).find(id)))
        .contains(new ClaimView(second.claim(), true, "10.0.0.2:2"));
  }

  @Test
  void simultaneous_claims_form_one_chain() {
    ClientId id = ClientId.of("storm");
    List<CompletableFuture<Claimed>> pending = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pending.add(directories.get(i % 2).claim(id, null, "a").toCompletableFuture());
    }
    List<Claimed> claims =
        pending.stream()
            .map(CompletableFuture::join)
            .sorted(Comparator.comparing(each -> each.claim().epoch()))
            .toList();
    for (int i = 1; i < claims.size(); i++) {
      assertThat(claims.get(i).previous()).isEqualTo(claims.get(i - 1).claim());
    }
  }

  @Test
  void claims_gathered_by_a_lane_in_one_tick_form_one_chain() throws Exception {
    ClientId id = ClientId.of("tick");
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Lane lane = new Lane(0, loops.next());
      CompletableFuture<List<CompletionStage<Claimed>>> asked = new CompletableFuture<>();
      lane.execute(
          () ->
              asked.complete(
                  IntStream.range(0, 300)
                      .mapToObj(i -> directories.get(0).claim(id, null, "a"))
                      .toList()));
      List<Claimed> claims =
          asked.get(20, TimeUnit.SECONDS).stream()
              .map(HazelcastSessionDirectoryTest::get)
              .sorted(Comparator.comparing(each -> each.claim().epoch()))
              .toList();
      for (int i = 1; i < claims.size(); i++) {
        assertThat(claims.get(i).previous()).isEqualTo(claims.get(i - 1).claim());
      }
    } finally {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }

  @Test
  void epochs_rise_also_after_a_client_was_forgotten() {
    ClientId id = ClientId.of("forgotten");
    Claim old = get(directories.get(0).claim(id, null, "a")).claim();
    get(directories.get(0).forget(id, old.epoch()));
    CLOCK.incrementAndGet();
    Claimed again = get(directories.get(1).claim(id, null, "a"));

    assertThat(again.known()).isFalse();
    assertThat(again.claim().epoch()).isGreaterThan(old.epoch());
  }

  @Test
  void a_will_goes_to_exactly_one_party() {
    ClientId id = ClientId.of("will");
    Claim claim = get(directories.get(0).claim(id, WILL, "a")).claim();
    Release handOver = new Release(WillFate.HAND_OVER, 0, false);

    assertThat(get(directories.get(0).release(claim, handOver)).due()).isEqualTo(WILL);
    assertThat(get(directories.get(0).release(claim, handOver)).due()).isNull();
    assertThat(get(directories.get(1).claim(id, null, "a")).unsentWill()).isNull();
  }

  @Test
  void a_kept_will_is_taken_once_or_claimed_away() {
    ClientId id = ClientId.of("kept");
    Claim claim = get(directories.get(0).claim(id, WILL, "a")).claim();
    assertThat(get(directories.get(0).takeWill(claim))).isEmpty();
    get(directories.get(0).release(claim, new Release(WillFate.KEEP, 5, false)));
    assertThat(get(directories.get(0).takeWill(claim))).contains(WILL);
    assertThat(get(directories.get(0).takeWill(claim))).isEmpty();

    Claim second = get(directories.get(0).claim(id, WILL, "a")).claim();
    get(directories.get(0).release(second, new Release(WillFate.KEEP, 5, false)));
    Claimed third = get(directories.get(1).claim(id, null, "a"));
    assertThat(third.unsentWill()).isEqualTo(WILL);
    assertThat(third.previous()).isNull();
    assertThat(get(directories.get(0).takeWill(second))).isEmpty();
  }

  /** Whether the record lies here or with the other node decides on which thread answers come. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void an_ended_session_leaves_no_record_behind(int owner) {
    ClientId id = ownedBy(owner);
    Claim claim = get(directories.get(0).claim(id, WILL, "a")).claim();
    get(directories.get(0).release(claim, new Release(WillFate.HAND_OVER, 0, true)));
    await().untilAsserted(() -> assertThat(get(directories.get(1).find(id))).isEmpty());

    Claim second = get(directories.get(0).claim(id, null, "a")).claim();
    get(directories.get(0).release(second, new Release(WillFate.DISCARD, 0, true)));
    assertThat(get(directories.get(1).find(id))).isEmpty();
  }

  @Test
  void a_repeated_step_answers_the_same_and_happens_once() {
    IMap<String, ClaimRecord> claims = members.node(0).instance().getMap(DirectoryMap.NAME);
    get(directories.get(0).claim(ClientId.of("twice"), WILL, "a"));
    ClaimStep step = new ClaimStep(new ClaimStep.Terms(nodes.get(1), WILL, "b", CLOCK.get()), 4711);

    ClaimAnswer first = claims.executeOnKey("twice", step);
    ClaimAnswer repeated = claims.executeOnKey("twice", step);

    assertThat(first.holder()).isEqualTo(nodes.get(0));
    assertThat(first.will()).isEqualTo(WILL);
    assertThat(repeated).isEqualTo(first);

    ReleaseStep release =
        new ReleaseStep(first.epoch(), new Release(WillFate.HAND_OVER, 0, true), 4712);
    ClaimAnswer released = claims.executeOnKey("twice", release);
    assertThat(released.will()).isEqualTo(WILL);
    assertThat(claims.executeOnKey("twice", release)).isEqualTo(released);
  }

  @Test
  void an_orphan_is_handed_out_once_and_its_will_can_still_be_claimed_away() {
    OrphanClaims sweep =
        new OrphanClaims(members.node(1).instance(), nodes.get(1), CLOCK::get, RETRY);
    ClientId id = ClientId.of("orphan");
    Claim claim = get(directories.get(0).claim(id, will(7), "a")).claim();
    Set<NodeId> departed = Set.of(nodes.get(0));
    Set<NodeId> live = Set.of(nodes.get(1));

    assertThat(adopt(sweep, Set.of("orphan"), departed, live))
        .containsExactly(new Orphan(claim, will(7)));
    assertThat(adopt(sweep, Set.of("orphan"), departed, live)).isEmpty();
    assertThat(get(directories.get(1).find(id)))
        .hasValueSatisfying(view -> assertThat(view.connected()).isFalse());

    assertThat(get(directories.get(1).claim(id, null, "a")).unsentWill()).isEqualTo(will(7));
    assertThat(get(directories.get(1).takeWill(claim))).isEmpty();
  }

  @Test
  void a_claim_of_an_unknown_host_is_left_alone_while_it_is_young() {
    OrphanClaims sweep =
        new OrphanClaims(members.node(1).instance(), nodes.get(1), CLOCK::get, RETRY);
    get(directories.get(0).claim(ClientId.of("young"), null, "a"));
    Set<NodeId> live = new HashSet<>(Set.of(nodes.get(1)));

    assertThat(adopt(sweep, Set.of("young"), Set.of(), live)).isEmpty();
    CLOCK.addAndGet(60_001);
    assertThat(adopt(sweep, Set.of("young"), Set.of(), live)).hasSize(1);
  }

  @Test
  void of_many_claims_each_orphan_is_handed_out_once_and_no_other() {
    OrphanClaims sweep =
        new OrphanClaims(members.node(1).instance(), nodes.get(1), CLOCK::get, RETRY);
    Set<String> all = new HashSet<>();
    Set<Claim> ofTheDead = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      ClientId dead = ClientId.of("dead-" + i);
      ClientId living = ClientId.of("living-" + i);
      ofTheDead.add(get(directories.get(0).claim(dead, null, "a")).claim());
      get(directories.get(1).claim(living, null, "a"));
      all.addAll(Set.of(dead.value(), living.value()));
    }
    Set<NodeId> departed = Set.of(nodes.get(0));
    Set<NodeId> live = Set.of(nodes.get(1));

    assertThat(adopt(sweep, all, departed, live))
        .extracting(Orphan::claim)
        .containsExactlyInAnyOrderElementsOf(ofTheDead);
    assertThat(adopt(sweep, all, departed, live)).isEmpty();
  }

  /** A client id whose record lies with a node, as soon as that node owns a partition. */
  private static ClientId ownedBy(int node) {
    HazelcastInstance instance = members.node(node).instance();
    return await()
        .until(
            () ->
                IntStream.range(0, 1_000)
                    .mapToObj(i -> "ended-" + i)
                    .filter(id -> isOwnedHere(instance, id))
                    .findFirst(),
            Optional::isPresent)
        .map(ClientId::of)
        .orElseThrow();
  }

  private static boolean isOwnedHere(HazelcastInstance instance, String key) {
    Member owner = instance.getPartitionService().getPartition(key).getOwner();
    return instance.getCluster().getLocalMember().equals(owner);
  }

  private static List<Orphan> adopt(
      OrphanClaims sweep, Set<String> clientIds, Set<NodeId> departed, Set<NodeId> live) {
    List<Orphan> adopted = new ArrayList<>();
    get(sweep.adopt(clientIds, departed, live, 60_000, adopted::add));
    return adopted;
  }

  private static Will will(long delaySeconds) {
    return new Will(
        TopicName.of("gone"),
        Buffer.buffer("bye"),
        Qos.AT_LEAST_ONCE,
        false,
        delaySeconds,
        Will.NO_EXPIRY,
        PublicationProperties.NONE);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
