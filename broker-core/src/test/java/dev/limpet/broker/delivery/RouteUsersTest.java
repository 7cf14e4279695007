package dev.limpet.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes by their users, and the durable subscriptions that use them. */
class RouteUsersTest {
  private static final SharedFilter FILTER = SharedFilter.parse("a/#");
  private final FakeRoutes table = new FakeRoutes();
  private final RouteUsers users = new RouteUsers(table);
  private final DurableSubscriptions durable = new DurableSubscriptions(users);

  @Test
  void the_first_user_advertises_and_the_last_withdraws() {
    CompletionStage<Void> first = users.add(FILTER, RouteKind.LIVE);
    CompletionStage<Void> second = users.add(FILTER, RouteKind.LIVE);
    users.add(FILTER, RouteKind.DURABLE);
    assertThat(table.said).containsExactly("+a/# LIVE", "+a/# DURABLE");
    assertThat(first.toCompletableFuture().isDone() || second.toCompletableFuture().isDone())
        .isFalse();
    table.answer();
    assertThat(second.toCompletableFuture()).isCompleted();
    users.remove(FILTER, RouteKind.LIVE);
    users.remove(FILTER, RouteKind.LIVE);
    assertThat(table.said).endsWith("-a/# LIVE").hasSize(3);
    assertThat(users.size()).isEqualTo(1);
    assertThatThrownBy(() -> users.remove(FILTER, RouteKind.LIVE))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Issue 9, the background audit. The kind: the table and its users disagree. */
  @Test
  void the_table_is_told_again_what_it_has_wrong_and_nothing_else() {
    SharedFilter ghost = SharedFilter.parse("ghost/#");
    users.add(FILTER, RouteKind.LIVE);
    users.add(SharedFilter.parse("b/#"), RouteKind.LIVE);
    assertThat(users.align()).isZero();
    table.mistake(FILTER, ghost, RouteKind.LIVE);
    table.said.clear();

    assertThat(users.align()).isEqualTo(2);
    assertThat(table.said).containsExactlyInAnyOrder("+a/# LIVE", "-ghost/# LIVE");
    assertThat(users.align()).isZero();
  }

  @Test
  void the_route_of_a_share_group_tells_its_members_roughly() {
    SharedFilter share = SharedFilter.parse("$share/g/t");
    for (int i = 0; i < 3; i++) {
      users.add(share, RouteKind.LIVE);
    }
    users.remove(share, RouteKind.LIVE);
    assertThat(table.said)
        .containsExactly(
            "+$share/g/t LIVE",
            "+$share/g/t LIVE 2",
            "-$share/g/t LIVE",
            "+$share/g/t LIVE 3",
            "-$share/g/t LIVE 2",
            "+$share/g/t LIVE 2",
            "-$share/g/t LIVE 3");
    assertThat(users.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "8, 8", "9, 8", "15, 14", "31, 28", "63, 56", "64, 64", "5000, 64"})
  void weights_are_coarse_and_bounded(int members, int weight) {
    assertThat(RouteUsers.coarse(members)).isEqualTo(weight);
  }

  @Test
  void a_failed_advertisement_is_tried_again_by_the_next_user() {
    CompletionStage<Void> first = users.add(FILTER, RouteKind.DURABLE);
    table.fail();
    assertThat(first.toCompletableFuture()).isCompletedExceptionally();
    CompletionStage<Void> second = users.advertised(FILTER, RouteKind.DURABLE);
    assertThat(second.toCompletableFuture().isDone()).isFalse();
    table.answer();
    assertThat(second.toCompletableFuture()).isCompleted();
    assertThat(users.add(FILTER, RouteKind.DURABLE).toCompletableFuture()).isCompleted();
  }

  @Test
  void an_advertisement_without_an_answer_is_given_up_and_tried_again() {
    RouteUsers impatient = new RouteUsers(table, 50);
    CompletableFuture<Void> first = impatient.add(FILTER, RouteKind.LIVE).toCompletableFuture();
    await().until(first::isCompletedExceptionally);
    table.answersAtOnce = true;
    Samples.await(impatient.add(FILTER, RouteKind.LIVE));
  }

  @Test
  void a_durable_session_is_matched_as_its_last_image_says() {
    table.answersAtOnce = true;
    Samples.await(durable.refresh(image(1, "a/#", "b")));
    Samples.await(durable.refresh(image(2, "b", "c")));
    assertThat(table.said)
        .containsExactly("+a/# DURABLE", "+b DURABLE", "+c DURABLE", "-a/# DURABLE");
    assertThat(matching("a/x")).isEmpty();
    assertThat(matching("b")).containsExactly("one");
    durable.forget(ClientId.of("one"));
    durable.forget(ClientId.of("one"));
    assertThat(matching("b")).isEmpty();
    assertThat(users.size()).isZero();
    assertThat(durable.size()).isZero();
  }

  @Test
  void sessions_that_moved_are_forgotten_and_others_stay() {
    table.answersAtOnce = true;
    Samples.await(durable.refresh(image(1, "a")));
    durable.forgetIf(id -> id.value().equals("two"));
    assertThat(matching("a")).containsExactly("one");
    durable.forgetIf(id -> id.value().equals("one"));
    assertThat(matching("a")).isEmpty();
  }

  @Test
  void a_qos_0_subscription_of_a_durable_session_needs_no_durable_route() {
    SessionImage image =
        new SessionImage(
            ClientId.of("one"),
            1,
            null,
            Long.MAX_VALUE,
            0,
            0,
            List.of(Samples.subscription("z", Qos.AT_MOST_ONCE)));
    Samples.await(durable.refresh(image));
    assertThat(table.said).isEmpty();
    durable.forget(ClientId.of("one"));
    assertThat(durable.size()).isZero();
  }

  private List<String> matching(String topic) {
    List<String> found = new ArrayList<>();
    durable.match(TopicName.of(topic), each -> found.add(each.clientId().value()));
    return found;
  }

  private static SessionImage image(long epoch, String... filters) {
    Claim claim = new Claim(ClientId.of("one"), new NodeId("n", 1), epoch);
    return new SessionImage(
        claim.clientId(),
        epoch,
        claim.host(),
        Long.MAX_VALUE,
        0,
        0,
        List.of(filters).stream()
            .map(filter -> Samples.subscription(filter, Qos.AT_LEAST_ONCE))
            .toList());
  }
}
