package dev.limpet.broker.spi;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.publication;
import static dev.limpet.broker.spi.Samples.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link SessionStore} does with inboxes. */
public abstract class InboxContract extends SessionStoreFixture {

  @Test
  void deliveries_are_read_in_the_order_they_were_appended_with_rising_sequences() {
    open(first);
    append("one");
    append("two");
    append("three");
    assertThat(payloads(first)).containsExactly("one", "two", "three");
    assertThat(inbox(first)).extracting(InboxEntry::sequence).containsExactly(1L, 2L, 3L);
  }

  @Test
  void appends_that_nobody_waits_for_keep_their_order() {
    open(first);
    List<CompletionStage<Void>> appends = new ArrayList<>();
    for (int i = 0; i < LIMITS.inboxMessagesMax(); i++) {
      Publication publication = publication("some/topic", "n" + i);
      appends.add(
          store.append(publication, List.of(new InboxTarget(client, delivery(publication)))));
    }
    appends.forEach(Samples::await);
    assertThat(payloads(first))
        .isEqualTo(IntStream.range(0, LIMITS.inboxMessagesMax()).mapToObj(i -> "n" + i).toList());
    assertThat(heard).isEqualTo(inbox(first));
  }

  @Test
  void a_delivery_comes_back_as_it_was_appended() {
    open(first);
    Publication publication = publication("a/b", "body", clock.getAsLong() + 5000);
    Delivery delivery = new Delivery(publication, Qos.EXACTLY_ONCE, true, List.of(3, 268_435_455));
    await(store.append(publication, List.of(new InboxTarget(client, delivery))));
    assertThat(inbox(first)).containsExactly(new InboxEntry(1, delivery));
  }

  @Test
  void one_publication_goes_to_many_inboxes_and_skips_those_that_are_gone() {
    ClientId other = newClientId();
    Claim otherClaim = new Claim(other, NODE_A, 1);
    open(first);
    open(otherClaim);
    Publication publication = publication("t", "shared");
    Delivery delivery = delivery(publication);
    await(
        store.append(
            publication,
            List.of(
                new InboxTarget(newClientId(), delivery),
                new InboxTarget(client, delivery),
                new InboxTarget(other, delivery))));
    assertThat(payloads(first)).containsExactly("shared");
    assertThat(payloads(otherClaim)).containsExactly("shared");
  }

  @Test
  void the_listener_hears_of_each_append_before_it_is_done() {
    open(first);
    append("one");
    assertThat(heard).isEqualTo(inbox(first)).hasSize(1);
    append("two");
    assertThat(heard).isEqualTo(inbox(first)).hasSize(2);
  }

  @Test
  void a_closed_session_still_gathers() {
    open(first);
    close(first);
    append("while away");
    open(second);
    assertThat(payloads(second)).containsExactly("while away");
  }

  @Test
  void an_expired_session_gathers_nothing() {
    open(first);
    close(first);
    clock.advanceSeconds(HOUR_SECONDS);
    append("too late");
    assertThat(await(store.describe(client)).orElseThrow().inboxDepth()).isZero();
    assertThat(heard).isEmpty();
  }

  @Test
  void a_publication_the_inbox_holds_is_dropped() {
    open(first);
    Publication publication = append("once");
    append("between");
    append(publication);
    assertThat(payloads(first)).containsExactly("once", "between");
  }

  @Test
  void a_publication_that_was_acknowledged_lately_is_dropped() {
    open(first);
    Publication publication = append("once");
    await(store.acknowledge(first, acknowledged(1)));
    append(publication);
    assertThat(inbox(first)).isEmpty();
  }

  @Test
  void the_ids_of_256_acknowledged_publications_are_remembered() {
    open(first);
    Publication oldest = append("0");
    Publication second = append("1");
    await(store.acknowledge(first, acknowledged(1, 2)));
    for (long sequence = 3; sequence <= 257; sequence++) {
      append("more");
      await(store.acknowledge(first, acknowledged(sequence)));
    }
    append(second);
    assertThat(inbox(first)).isEmpty();
    append(oldest);
    assertThat(payloads(first)).containsExactly("0");
  }

  @Test
  void what_is_acknowledged_is_forgotten_and_the_rest_keeps_its_sequence() {
    open(first);
    append("one");
    append("two");
    append("three");
    await(store.acknowledge(first, acknowledged(2)));
    await(store.acknowledge(first, acknowledged(2)));
    assertThat(payloads(first)).containsExactly("one", "three");
    append("four");
    assertThat(inbox(first)).extracting(InboxEntry::sequence).containsExactly(1L, 3L, 4L);
  }

  @Test
  void a_released_delivery_loses_its_payload_and_keeps_its_place_until_it_is_completed() {
    open(first);
    append("one");
    append("two");
    await(store.acknowledge(first, released(1)));
    assertThat(payloads(first)).containsExactly("two");
    assertThat(open(second).released()).containsExactly(1L);
    await(store.acknowledge(second, completed(1)));
    assertThat(open(second).released()).isEmpty();
  }

  @Test
  void a_late_release_does_not_bring_back_what_was_completed() {
    open(first);
    append("one");
    await(store.acknowledge(first, released(1)));
    await(store.acknowledge(first, completed(1)));
    await(store.acknowledge(first, released(1)));
    assertThat(open(second).released()).isEmpty();
  }

  @Test
  void the_last_progress_comes_with_the_close() {
    open(first);
    append("one");
    append("two");
    await(store.close(first, acknowledged(1), HOUR_SECONDS));
    open(second);
    assertThat(payloads(second)).containsExactly("two");
  }

  @Test
  void a_read_is_bounded_in_messages_and_says_that_there_is_more() {
    open(first);
    LongStream.rangeClosed(1, 5).forEach(i -> append("n" + i));
    InboxSlice slice = await(store.read(first, 1, 3, BYTES_MAX));
    assertThat(slice.entries()).extracting(InboxEntry::sequence).containsExactly(2L, 3L, 4L);
    assertThat(slice.more()).isTrue();
    assertThat(await(store.read(first, 4, 3, BYTES_MAX)).more()).isFalse();
    assertThat(await(store.read(first, 5, 3, BYTES_MAX)).entries()).isEmpty();
  }

  @Test
  void a_read_is_bounded_in_bytes_but_for_the_first_entry() {
    open(first);
    int size = StoredDelivery.of(Samples.delivery(append("x".repeat(100)))).heapBytes();
    append("x".repeat(100));
    append("x".repeat(100));
    assertThat(await(store.read(first, 0, 10, 2 * size)).entries()).hasSize(2);
    InboxSlice slice = await(store.read(first, 0, 10, 1));
    assertThat(slice.entries()).hasSize(1);
    assertThat(slice.more()).isTrue();
  }

  @Test
  void a_full_inbox_drops_the_newest_and_counts_it() {
    open(first);
    long droppedBefore = overflowDropped();
    IntStream.range(0, LIMITS.inboxMessagesMax()).forEach(i -> append("n" + i));
    assertThat(overflowDropped()).isEqualTo(droppedBefore);
    append("one too many");
    assertThat(overflowDropped()).isEqualTo(droppedBefore + 1);
    assertThat(payloads(first)).hasSize(LIMITS.inboxMessagesMax()).doesNotContain("one too many");
    await(store.acknowledge(first, acknowledged(1)));
    append("fits again");
    assertThat(payloads(first)).endsWith("n9", "fits again");
  }

  @Test
  void an_inbox_is_full_by_bytes_too() {
    open(first);
    long droppedBefore = overflowDropped();
    append("x".repeat(1500));
    append("x".repeat(1500));
    append("small");
    assertThat(overflowDropped()).isEqualTo(droppedBefore + 1);
    assertThat(payloads(first)).hasSize(2).endsWith("small");
  }

  @Test
  void a_full_inbox_forgets_what_expired_unsent_before_it_drops_the_newest() {
    open(first);
    long droppedBefore = overflowDropped();
    for (int i = 0; i < LIMITS.inboxMessagesMax(); i++) {
      append(publication("t", "mortal", clock.getAsLong() + 1000));
    }
    await(store.acknowledge(first, sent(2)));
    append("dropped");
    clock.advanceMillis(1000);
    append("fits");
    assertThat(payloads(first)).containsExactly("mortal", "mortal", "fits");
    assertThat(overflowDropped()).isEqualTo(droppedBefore + 1);
  }

  @Test
  void what_a_subscription_brings_takes_no_room_from_the_others() {
    open(first);
    long droppedBefore = overflowDropped();
    List<String> expected = new ArrayList<>(List.of("live"));
    append("live");
    expected.addAll(replay("r/#", 3 * LIMITS.inboxMessagesMax()));
    for (int i = 1; i < LIMITS.inboxMessagesMax(); i++) {
      append("n" + i);
      expected.add("n" + i);
    }
    assertThat(overflowDropped()).isEqualTo(droppedBefore);
    assertThat(payloads(first)).isEqualTo(expected);
    assertThat(heard).isEqualTo(inbox(first));
    assertThat(heard.get(1).delivery().replayed()).isTrue();
    append("one too many");
    assertThat(overflowDropped()).isEqualTo(droppedBefore + 1);
    await(store.acknowledge(first, acknowledged(2)));
    append("a retained one left, no other");
    assertThat(overflowDropped()).isEqualTo(droppedBefore + 2);
    await(store.acknowledge(first, acknowledged(1)));
    append("fits");
    assertThat(payloads(first)).endsWith("fits");
  }

  @Test
  void a_subscription_brings_nothing_once_it_or_the_session_is_gone() {
    replay("r/#", 2);
    open(first);
    replay("r/#", 2);
    SharedFilter filter = SharedFilter.parse("r/#");
    await(store.subscribe(first, new SubscriptionChange(List.of(), List.of(filter))));
    await(store.replay(client, filter, retained(filter, 2)));
    assertThat(payloads(first)).containsExactly("r0", "r1");
    await(store.open(second, true, HOUR_SECONDS));
    await(store.replay(client, filter, retained(filter, 2)));
    assertThat(inbox(second)).isEmpty();
  }

  @Test
  void what_a_subscription_brought_waits_for_the_next_connection() {
    open(first);
    replay("r/#", 20);
    await(store.acknowledge(first, acknowledged(1, 2)));
    close(first);
    SharedFilter filter = SharedFilter.parse("r/#");
    List<Delivery> late = retained(filter, 1);
    await(store.replay(client, filter, late));
    await(store.replay(client, filter, late));
    open(second);
    assertThat(payloads(second)).hasSize(19).startsWith("r2").endsWith("r19", "r0");
  }

  /** Subscribes, and brings so many; answers their payloads. */
  private List<String> replay(String filterText, int count) {
    Subscription subscription = subscription(filterText, Qos.AT_LEAST_ONCE);
    SharedFilter filter = subscription.filter();
    boolean isThere = await(store.describe(client)).isPresent();
    if (isThere) {
      await(store.subscribe(first, new SubscriptionChange(List.of(subscription), List.of())));
    }
    List<Delivery> deliveries = retained(filter, count);
    await(store.replay(client, filter, deliveries));
    return deliveries.stream().map(each -> each.publication().payload().toString()).toList();
  }

  private static List<Delivery> retained(SharedFilter filter, int count) {
    Subscription subscription = Subscription.plain(filter, Qos.AT_LEAST_ONCE);
    return IntStream.range(0, count)
        .mapToObj(i -> Delivery.replayed(publication("r/" + i, "r" + i), subscription))
        .toList();
  }

  @Test
  void the_depth_counts_all_that_is_not_acknowledged() {
    open(first);
    append("one");
    append("two");
    await(store.acknowledge(first, released(1)));
    assertThat(await(store.describe(client)).orElseThrow().inboxDepth()).isEqualTo(2);
  }

  @Test
  void a_new_connection_finds_all_that_is_not_acknowledged() {
    open(first);
    append("one");
    append("two");
    await(store.acknowledge(first, sent(2)));
    await(store.acknowledge(first, acknowledged(1)));
    assertThat(open(second).sentThrough()).isEqualTo(2);
    assertThat(payloads(second)).containsExactly("two");
  }
}
