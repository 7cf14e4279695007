package dev.limpet.broker.spi.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, seen 2: the copies of a session that two sides of a split have written. The kind: one
 * copy taken whole, and with it lost what the other side had acknowledged.
 */
class UnitedSessionTest {
  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId C = new NodeId("c", 3);
  private static final long NOW = 1_000_000;

  @Test
  void an_empty_session_with_a_higher_epoch_does_not_replace_a_full_one() {
    DurableSession full = begun(A, 1, false, "f");
    append(full, 1, 2);
    DurableSession empty = begun(C, 2, false);

    DurableSession united = DurableSession.unite(empty, full, NOW);

    assertThat(numbers(united)).containsExactly(1L, 2L);
    assertThat(filters(united)).containsExactly("f");
    assertThat(united.epoch()).isEqualTo(2);
    assertThat(united.state().opened().host()).isEqualTo(C);
  }

  @Test
  void what_either_side_alone_acknowledged_stays_behind_what_both_had() {
    DurableSession ours = begun(A, 1, false, "f");
    append(ours, 1);
    DurableSession theirs = copy(ours);
    reopen(theirs, new Claim(ClientId.of("c"), C, 2));
    append(ours, 2);
    append(theirs, 3);

    assertThat(numbers(DurableSession.unite(theirs, ours, NOW))).containsExactly(1L, 3L, 2L);
  }

  @Test
  void what_the_client_acknowledged_on_either_side_does_not_come_again() {
    DurableSession ours = begun(A, 1, false, "f");
    append(ours, 1, 2, 3);
    DurableSession theirs = copy(ours);
    reopen(theirs, new Claim(ClientId.of("c"), C, 2));
    acknowledge(ours, 1);
    acknowledge(theirs, 2);

    DurableSession united = DurableSession.unite(theirs, ours, NOW);

    assertThat(numbers(united)).containsExactly(3L);
    append(united, 1, 2); // routed again by a publisher that did not get its answer
    assertThat(numbers(united)).containsExactly(3L);
  }

  @Test
  void what_waits_for_pubcomp_on_the_older_side_still_does() {
    DurableSession ours = begun(A, 1, false, "f");
    append(ours, 1);
    DurableSession theirs = copy(ours);
    reopen(theirs, new Claim(ClientId.of("c"), C, 2));
    new SessionCell(ours).acknowledge(1, progress(List.of(), List.of(1L)));

    DurableSession united = DurableSession.unite(theirs, ours, NOW);

    assertThat(numbers(united)).isEmpty();
    assertThat(united.stored().released()).containsExactly(1L);
  }

  @Test
  void a_clean_start_on_the_newer_side_ends_the_older_session() {
    DurableSession given = begun(A, 1, false, "f");
    append(given, 1);
    DurableSession fresh = begun(C, 2, true, "g");

    assertThat(DurableSession.unite(fresh, given, NOW)).isSameAs(fresh);
  }

  @Test
  void a_subscription_the_newer_side_ended_does_not_come_back() {
    DurableSession ours = begun(A, 1, false, "f", "g");
    DurableSession theirs = copy(ours);
    reopen(theirs, new Claim(ClientId.of("c"), C, 2));
    new SessionCell(theirs)
        .subscribe(2, new SubscriptionChange(List.of(), List.of(SharedFilter.parse("f"))));

    assertThat(filters(DurableSession.unite(theirs, ours, NOW))).containsExactly("g");
  }

  @Test
  void an_older_session_that_has_expired_stays_ended() {
    DurableSession expired = begun(A, 1, false, "f");
    append(expired, 1);
    new SessionCell(expired).close(1, progress(List.of(), List.of()), 60, 0);
    DurableSession fresh = begun(C, 2, false);

    assertThat(DurableSession.unite(fresh, expired, 60_000)).isSameAs(fresh);
    assertThat(numbers(DurableSession.unite(fresh, expired, 59_999))).containsExactly(1L);
  }

  @Test
  void a_session_that_gains_and_loses_nothing_stays_the_same_object() {
    DurableSession ours = begun(A, 1, false, "f");
    append(ours, 1);
    assertThat(DurableSession.unite(ours, copy(ours), NOW)).isSameAs(ours);
  }

  /** The reader there counts by that copy's numbers. */
  @Test
  void of_one_claim_the_copy_that_knows_its_host_leads() {
    DurableSession served = begun(C, 1, false, "f");
    DurableSession orphaned = copy(served);
    append(served, 1);
    new SessionCell(orphaned).closeOrphan(new Claim(ClientId.of("c"), C, 1), NOW);
    append(orphaned, 2);

    DurableSession united = DurableSession.unite(orphaned, served, NOW);

    assertThat(numbers(united)).containsExactly(1L, 2L);
    assertThat(united.epoch()).isEqualTo(1);
    assertThat(united.state().opened().host()).isEqualTo(C);
  }

  @Test
  void of_one_claim_with_two_hosts_the_reader_is_fenced_and_nothing_is_lost() {
    DurableSession larger = begun(C, 1, false, "f");
    DurableSession smaller = copy(larger);
    append(larger, 1);
    append(smaller, 2);

    DurableSession united = DurableSession.unite(larger, smaller, NOW);

    assertThat(numbers(united)).containsExactly(1L, 2L);
    assertThat(united.isClosed()).isTrue();
    assertThat(new SessionCell(united).read(1, 1, 10, 10_000)).isEmpty();
    assertThat(new SessionCell(united).open(new Claim(ClientId.of("c"), A, 2), false, 9, NOW))
        .hasValueSatisfying(opened -> assertThat(opened.present()).isTrue());
  }

  /** The client left in order on the larger side; the stale copy still has it connected. */
  @Test
  void an_older_copy_that_leads_takes_back_neither_numbers_nor_what_a_publisher_sent() {
    DurableSession stale = begun(C, 1, false, "f");
    append(stale, 1);
    DurableSession larger = copy(stale);
    append(larger, 2, 3);
    SessionCell cell = new SessionCell(larger);
    cell.receive(1, 9, new PublicationId(5, 5));
    cell.close(1, progress(List.of(1L, 2L), List.of()), 3_600, NOW);

    DurableSession united = DurableSession.unite(larger, stale, NOW);

    assertThat(numbers(united)).containsExactly(3L);
    assertThat(united.stored().received()).containsEntry(9, new PublicationId(5, 5));
    assertThat(united.state().inbox().entries().get(0).sequence()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void neither_copy_is_changed() {
    DurableSession ours = begun(A, 1, false, "f");
    append(ours, 1);
    DurableSession theirs = begun(C, 2, false);
    SessionState oursBefore = ours.state();
    SessionState theirsBefore = theirs.state();
    DurableSession.unite(theirs, ours, NOW);
    assertThat(ours.state()).isEqualTo(oursBefore);
    assertThat(theirs.state()).isEqualTo(theirsBefore);
  }

  private static DurableSession begun(NodeId host, long epoch, boolean clean, String... filters) {
    SessionCell cell = new SessionCell(null);
    Claim claim = new Claim(ClientId.of("c"), host, epoch);
    assertThat(cell.open(claim, clean, 3_600, 0)).isPresent();
    List<Subscription> added =
        Arrays.stream(filters)
            .map(filter -> Subscription.plain(SharedFilter.parse(filter), Qos.EXACTLY_ONCE))
            .toList();
    cell.subscribe(epoch, new SubscriptionChange(added, List.of()));
    return Objects.requireNonNull(cell.session());
  }

  private static void reopen(DurableSession session, Claim claim) {
    assertThat(new SessionCell(session).open(claim, false, 3_600, 0)).isPresent();
  }

  private static DurableSession copy(DurableSession session) {
    return DurableSession.of(session.state());
  }

  private static void append(DurableSession session, long... numbers) {
    for (long number : numbers) {
      new SessionCell(session).append(delivery(number), InboxLimits.DEFAULT, 0);
    }
  }

  private static void acknowledge(DurableSession session, long sequence) {
    new SessionCell(session).acknowledge(9, progress(List.of(sequence), List.of()));
  }

  private static Progress progress(List<Long> acknowledged, List<Long> released) {
    return new Progress(acknowledged, released, List.of(), List.of(), 0);
  }

  private static StoredDelivery delivery(long number) {
    Publication publication =
        new Publication(
            new PublicationId(8, number),
            ClientId.of("p"),
            TopicName.of("f"),
            Buffer.buffer("body"),
            Qos.EXACTLY_ONCE,
            false,
            Publication.NEVER,
            PublicationProperties.NONE);
    return StoredDelivery.of(
        new Delivery(publication, Qos.EXACTLY_ONCE, false, List.of(), null, false));
  }

  private static List<Long> numbers(DurableSession session) {
    return session.state().inbox().entries().stream()
        .map(entry -> entry.delivery().id().sequence())
        .toList();
  }

  private static List<String> filters(DurableSession session) {
    return session.state().subscriptions().stream()
        .map(subscription -> subscription.filter().toString())
        .toList();
  }
}
