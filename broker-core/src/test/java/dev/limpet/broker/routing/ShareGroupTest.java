package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.delivery.DeliveryTerms;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareGroup.InboxMember;
import dev.limpet.broker.routing.share.ShareGroup.Member;
import dev.limpet.broker.routing.share.ShareGroup.PeerMember;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.routing.share.ShareTurn;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom each strategy picks. */
class ShareGroupTest {
  private static final SharedFilter FILTER = SharedFilter.parse("$share/g/#");
  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final DeliveryTerms TERMS = new DeliveryTerms(Qos.EXACTLY_ONCE, false, List.of());

  private static Member here(NodeId node, String id, boolean connected) {
    return new InboxMember(node, ClientId.of(id), connected, TERMS);
  }

  private static Member peer(NodeId node, RouteKind kind) {
    return new PeerMember(node, kind);
  }

  private static ShareGroup group(ShareStrategy strategy, Member... members) {
    return new ShareGroup(FILTER, List.of(members), new ShareTurn(strategy));
  }

  private static Publication publication(String client, String topic) {
    return new Publication(
        new PublicationId(1, 1),
        ClientId.of(client),
        TopicName.of(topic),
        Buffer.buffer("x"),
        Qos.AT_LEAST_ONCE,
        false,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  private static Map<Member, Long> counts(ShareGroup group, Function<Integer, Publication> next) {
    return IntStream.range(0, 6_000)
        .mapToObj(i -> group.pick(next.apply(i)))
        .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
  }

  @ParameterizedTest
  @EnumSource(ShareStrategy.class)
  void who_is_away_gets_nothing_while_somebody_is_connected(ShareStrategy strategy) {
    Member away = here(A, "away", false);
    Member there = here(A, "there", true);
    ShareGroup group = group(strategy, away, there, peer(B, RouteKind.DURABLE));
    assertThat(counts(group, i -> publication("c" + i, "t" + i))).containsOnlyKeys(there);
    assertThat(group(strategy, away).pick(publication("c", "t"))).isEqualTo(away);
    assertThat(
            group(strategy, away, peer(B, RouteKind.DURABLE), peer(B, RouteKind.DURABLE_CONNECTED))
                .pick(publication("c", "t")))
        .isEqualTo(peer(B, RouteKind.DURABLE_CONNECTED));
  }

  @ParameterizedTest
  @EnumSource(
      value = ShareStrategy.class,
      names = {"ROUND_ROBIN", "RANDOM", "CLIENT_HASH", "TOPIC_HASH"})
  void members_get_about_the_same_of_many_publishers_and_topics(ShareStrategy strategy) {
    ShareGroup group = group(strategy, here(A, "1", true), here(A, "2", true), here(A, "3", true));
    assertThat(counts(group, i -> publication("c" + i, "t" + i)).values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(1_700L, 2_300L));
  }

  @Test
  void round_robin_is_exact() {
    ShareGroup group =
        group(ShareStrategy.ROUND_ROBIN, here(A, "1", true), peer(B, RouteKind.LIVE));
    assertThat(counts(group, i -> publication("c", "t")).values()).containsExactly(3_000L, 3_000L);
  }

  @Test
  void local_first_asks_peers_only_when_nobody_is_here() {
    Member one = here(A, "1", true);
    Member two = here(A, "2", true);
    Member there = peer(B, RouteKind.LIVE);
    assertThat(
            counts(group(ShareStrategy.LOCAL_FIRST, there, one, two), i -> publication("c", "t")))
        .containsOnlyKeys(one, two);
    assertThat(
            group(ShareStrategy.LOCAL_FIRST, there, here(A, "away", false))
                .pick(publication("c", "t")))
        .isEqualTo(there);
  }

  @Test
  void sticky_stays_until_the_member_leaves() {
    ShareTurn turn = new ShareTurn(ShareStrategy.STICKY);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      members.add(here(A, "m" + i, true));
    }
    Member first = new ShareGroup(FILTER, members, turn).pick(publication("c", "t"));
    ShareGroup same = new ShareGroup(FILTER, members, turn);
    assertThat(counts(same, i -> publication("c" + i, "t" + i))).containsOnlyKeys(first);
    members.remove(first);
    ShareGroup rest = new ShareGroup(FILTER, members, turn);
    assertThat(counts(rest, i -> publication("c" + i, "t" + i)))
        .hasSize(1)
        .doesNotContainKey(first);
  }

  @Test
  void a_hash_follows_the_publisher_or_the_topic_and_moves_only_what_left() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      members.add(here(A, "m" + i, true));
    }
    ShareTurn turn = new ShareTurn(ShareStrategy.CLIENT_HASH);
    ShareGroup before = new ShareGroup(FILTER, members, turn);
    Member gone = members.remove(2);
    ShareGroup after = new ShareGroup(FILTER, members, turn);
    for (int i = 0; i < 500; i++) {
      Member had = before.pick(publication("c" + i, "t"));
      assertThat(before.pick(publication("c" + i, "other"))).isEqualTo(had);
      if (!had.equals(gone)) {
        assertThat(after.pick(publication("c" + i, "t"))).isEqualTo(had);
      }
    }
  }

  @Test
  void every_node_comes_to_the_same_member_by_a_hash() {
    ShareTurn turn = new ShareTurn(ShareStrategy.TOPIC_HASH);
    List<Member> atA = List.of(here(A, "a1", true), here(A, "a2", true));
    List<Member> atB = List.of(here(B, "b1", true), here(B, "b2", true));
    ShareGroup seenByA = seen(atA, peer(B, RouteKind.DURABLE_CONNECTED), turn);
    ShareGroup seenByB = seen(atB, peer(A, RouteKind.DURABLE_CONNECTED), turn);
    HashSet<Object> members = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Publication publication = publication("c", "t" + i);
      Member byA = seenByA.pick(publication);
      Member byB = seenByB.pick(publication);
      Member fromA = byA instanceof PeerMember ? seenByB.pickInbox(publication) : byA;
      Member fromB = byB instanceof PeerMember ? seenByA.pickInbox(publication) : byB;
      assertThat(fromA).isEqualTo(fromB);
      members.add(fromA.who());
    }
    assertThat(members).hasSize(4);
  }

  private static ShareGroup seen(List<Member> own, Member peer, ShareTurn turn) {
    List<Member> all = new ArrayList<>(own);
    all.add(peer);
    return new ShareGroup(FILTER, all, turn);
  }
}
