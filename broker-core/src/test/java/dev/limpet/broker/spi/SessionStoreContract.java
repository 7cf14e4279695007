package dev.limpet.broker.spi;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link SessionStore} does with sessions. Inboxes: {@link InboxContract}. */
public abstract class SessionStoreContract extends SessionStoreFixture {

  @Test
  void a_session_is_present_only_from_the_second_open_on() {
    assertThat(open(first).present()).isFalse();
    close(first);
    assertThat(open(second).present()).isTrue();
  }

  @Test
  void a_repeated_open_repeats_its_answer() {
    assertThat(open(first).present()).isFalse();
    assertThat(open(first).present()).isFalse();
    assertThat(open(second).present()).isTrue();
    assertThat(open(second).present()).isTrue();
  }

  @Test
  void a_repeated_clean_start_forgets_nothing_that_came_after_the_first() {
    await(store.open(first, true, HOUR_SECONDS));
    append("kept");
    await(store.open(first, true, HOUR_SECONDS));
    assertThat(payloads(first)).containsExactly("kept");
  }

  @Test
  void without_expiry_nothing_is_created() {
    assertThat(await(store.open(first, false, 0)).present()).isFalse();
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void without_expiry_a_stored_session_is_resumed_and_ends_with_the_connection() {
    open(first);
    append("waiting");
    close(first);
    assertThat(await(store.open(second, false, 0)).present()).isTrue();
    assertThat(payloads(second)).containsExactly("waiting");
    await(store.close(second, sent(0), 0));
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void a_clean_start_forgets_subscriptions_inbox_and_qos2_state() {
    open(first);
    await(store.subscribe(first, added(subscription("a/#", Qos.AT_LEAST_ONCE))));
    await(store.receive(first, 5, new PublicationId(1, 1)));
    append("one");
    append("two");
    await(store.acknowledge(first, released(1)));
    StoredSession fresh = await(store.open(second, true, HOUR_SECONDS));
    assertThat(fresh).isEqualTo(new StoredSession(false, List.of(), List.of(), Map.of(), 0));
    assertThat(inbox(second)).isEmpty();
  }

  @Test
  void a_clean_start_without_expiry_leaves_nothing() {
    open(first);
    await(store.open(second, true, 0));
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void a_session_brings_its_subscriptions_to_the_next_connection() {
    Subscription plain = subscription("a/+", Qos.EXACTLY_ONCE);
    Subscription shared = subscription("$share/g/a/#", Qos.AT_LEAST_ONCE);
    open(first);
    await(store.subscribe(first, added(plain, shared)));
    assertThat(open(second).subscriptions()).containsExactlyInAnyOrder(plain, shared);
  }

  @Test
  void a_subscription_replaces_the_one_with_the_same_filter() {
    open(first);
    await(store.subscribe(first, added(subscription("a", Qos.AT_LEAST_ONCE))));
    await(store.subscribe(first, added(subscription("a", Qos.EXACTLY_ONCE))));
    assertThat(open(second).subscriptions()).containsExactly(subscription("a", Qos.EXACTLY_ONCE));
  }

  @Test
  void a_removed_subscription_stays_removed() {
    open(first);
    await(store.subscribe(first, added(subscription("a", Qos.AT_LEAST_ONCE))));
    var removal = new SubscriptionChange(List.of(), List.of(SharedFilter.parse("a")));
    await(store.subscribe(first, removal));
    await(store.subscribe(first, removal));
    assertThat(open(second).subscriptions()).isEmpty();
  }

  /** Issue 9, item 3. The kind: a session is closed under a connection that lives. */
  @Test
  void a_session_that_was_closed_as_an_orphan_is_opened_again_with_all_it_has() {
    Subscription wanted = subscription("a", Qos.AT_LEAST_ONCE);
    open(first);
    await(store.subscribe(first, added(wanted)));
    append("before");
    await(store.closeOrphan(first));
    append("meanwhile");

    await(store.reopen(first, null));
    await(store.reopen(first, null));

    assertThat(await(store.describe(List.of(client))))
        .containsExactly(
            new SessionImage(client, 100, NODE_A, Long.MAX_VALUE, 2, 2, List.of(wanted)));
    assertThat(payloads(first)).containsExactly("before", "meanwhile");
  }

  /** The other side of a split has another copy, with which the connection cannot go on. */
  @Test
  void a_session_is_opened_again_only_for_who_has_read_from_it() {
    open(first);
    append("before");
    PublicationId read = inbox(first).get(0).delivery().id();
    await(store.closeOrphan(first));
    assertFenced(() -> await(store.reopen(first, new PublicationId(9, 9))));
    assertThat(await(store.describe(client)).orElseThrow().host()).isNull();
    await(store.reopen(first, read));
    await(store.acknowledge(first, acknowledged(1)));
    await(store.closeOrphan(first));
    await(store.reopen(first, read));
    assertThat(await(store.describe(client)).orElseThrow().host()).isEqualTo(NODE_A);
  }

  @Test
  void a_session_is_not_opened_again_under_an_older_claim_or_when_it_is_gone() {
    assertFenced(() -> await(store.reopen(first, null)));
    open(second);
    assertFenced(() -> await(store.reopen(first, null)));
    assertThat(await(store.describe(client)).orElseThrow().host()).isEqualTo(NODE_B);
  }

  @Test
  void every_write_and_read_of_an_older_claim_is_fenced() {
    open(second);
    assertFenced(() -> open(first));
    assertFenced(() -> await(store.subscribe(first, added(subscription("a", Qos.AT_LEAST_ONCE)))));
    assertFenced(() -> await(store.acknowledge(first, sent(9))));
    assertFenced(() -> await(store.receive(first, 1, new PublicationId(1, 1))));
    assertFenced(() -> inbox(first));
    assertFenced(() -> close(first));
    assertThat(open(second)).isEqualTo(new StoredSession(false, List.of(), List.of(), Map.of(), 0));
    assertThat(await(store.describe(client)).orElseThrow().host()).isEqualTo(NODE_B);
  }

  @Test
  void a_claim_is_fenced_when_a_newer_one_removed_the_session() {
    open(first);
    await(store.open(second, true, 0));
    assertFenced(() -> await(store.subscribe(first, added(subscription("a", Qos.AT_LEAST_ONCE)))));
    assertFenced(() -> await(store.acknowledge(first, sent(9))));
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void closing_a_session_that_is_gone_is_harmless() {
    open(first);
    await(store.close(first, sent(0), 0));
    await(store.close(first, sent(0), 0));
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void a_closed_session_says_when_it_expires() {
    open(first);
    assertThat(image().host()).isEqualTo(NODE_A);
    assertThat(image().expiresAtMillis()).isEqualTo(Long.MAX_VALUE);
    await(store.close(first, sent(0), 60));
    assertThat(image().host()).isNull();
    assertThat(image().expiresAtMillis()).isEqualTo(clock.getAsLong() + 60_000);
  }

  @Test
  void a_repeated_close_does_not_prolong_a_session() {
    open(first);
    await(store.close(first, sent(0), 60));
    long expiresAtMillis = image().expiresAtMillis();
    clock.advanceSeconds(30);
    await(store.close(first, sent(0), 60));
    assertThat(image().expiresAtMillis()).isEqualTo(expiresAtMillis);
  }

  @Test
  void a_session_expires_when_it_is_due_and_not_before() {
    open(first);
    assertThat(await(store.expire(client, first.epoch()))).isFalse();
    await(store.close(first, sent(0), 60));
    clock.advanceMillis(59_999);
    assertThat(await(store.expire(client, first.epoch()))).isFalse();
    clock.advanceMillis(1);
    assertThat(await(store.expire(client, first.epoch()))).isTrue();
    assertThat(await(store.expire(client, first.epoch()))).isTrue();
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void a_session_that_was_opened_again_does_not_expire() {
    open(first);
    await(store.close(first, sent(0), 60));
    clock.advanceSeconds(61);
    open(second);
    assertThat(await(store.expire(client, first.epoch()))).isFalse();
    assertThat(image().host()).isEqualTo(NODE_B);
  }

  @Test
  void an_expired_session_is_not_present_even_if_nobody_removed_it() {
    open(first);
    append("too late");
    await(store.close(first, sent(0), 60));
    clock.advanceSeconds(60);
    assertThat(open(second).present()).isFalse();
    assertThat(inbox(second)).isEmpty();
  }

  @Test
  void a_session_without_end_does_not_expire() {
    open(first);
    await(store.close(first, sent(0), ConnectRequest.NEVER_EXPIRES));
    clock.advanceSeconds(1L << 40);
    assertThat(await(store.expire(client, first.epoch()))).isFalse();
    assertThat(open(second).present()).isTrue();
  }

  @Test
  void the_session_of_a_dead_host_is_closed_with_its_own_expiry() {
    open(first);
    await(store.closeOrphan(first));
    assertThat(image().host()).isNull();
    assertThat(image().expiresAtMillis()).isEqualTo(clock.getAsLong() + HOUR_SECONDS * 1000L);
  }

  @Test
  void the_session_of_a_dead_host_is_left_alone_when_a_newer_claim_holds_it() {
    open(first);
    open(second);
    await(store.closeOrphan(first));
    assertThat(image().host()).isEqualTo(NODE_B);
  }

  @Test
  void the_session_of_a_dead_host_goes_when_it_was_to_end_with_the_connection() {
    open(first);
    await(store.open(second, false, 0));
    await(store.closeOrphan(second));
    await(store.closeOrphan(second));
    assertThat(await(store.describe(client))).isEmpty();
  }

  @Test
  void describe_leaves_out_what_is_not_there() {
    Subscription wanted = subscription("a", Qos.AT_LEAST_ONCE);
    open(first);
    await(store.subscribe(first, added(wanted)));
    append("one");
    ClientId stranger = newClientId();
    assertThat(await(store.describe(List.of(client, stranger))))
        .containsExactly(
            new SessionImage(client, 100, NODE_A, Long.MAX_VALUE, 1, 1, List.of(wanted)));
    assertThat(await(store.describe(List.of()))).isEmpty();
  }

  @Test
  void inbound_qos2_is_remembered_until_its_pubrel() {
    PublicationId one = new PublicationId(1, 1);
    PublicationId two = new PublicationId(1, 2);
    open(first);
    await(store.receive(first, 1, one));
    await(store.receive(first, 1, one));
    await(store.receive(first, 2, two));
    assertThat(open(second).received()).isEqualTo(Map.of(1, one, 2, two));
    await(store.acknowledge(second, receivedDone(1)));
    await(store.acknowledge(second, receivedDone(1)));
    assertThat(open(second).received()).isEqualTo(Map.of(2, two));
  }

  @Test
  void sent_through_only_rises_and_survives_the_connection() {
    open(first);
    await(store.acknowledge(first, sent(7)));
    await(store.acknowledge(first, sent(3)));
    await(store.close(first, sent(9), HOUR_SECONDS));
    assertThat(open(second).sentThrough()).isEqualTo(9);
  }

  @Test
  void what_a_host_that_vanished_may_have_sent_counts_as_sent() {
    open(first);
    append("one");
    append("two");
    assertThat(open(second).sentThrough()).as("taken over from a silent host").isEqualTo(2);
    await(store.closeOrphan(second));
    append("three");
    assertThat(open(new Claim(client, first.host(), 300)).sentThrough())
        .as("closed for a dead host")
        .isEqualTo(2);
  }

  private SessionImage image() {
    return await(store.describe(client)).orElseThrow();
  }

  private static SubscriptionChange added(Subscription... subscriptions) {
    return new SubscriptionChange(List.of(subscriptions), List.of());
  }

  private static void assertFenced(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(FencedException.class);
  }
}
