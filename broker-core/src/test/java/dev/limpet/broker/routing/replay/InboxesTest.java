package dev.limpet.broker.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.io.EmbeddedLane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.SubscriptionChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retained publications on their way to an inbox, page by page. */
class InboxesTest {
  private static final int COUNT = 1_000;
  private static final Subscription ALL = Samples.subscription("r/#", Qos.AT_LEAST_ONCE);

  private final EmbeddedLane embedded = new EmbeddedLane();
  private final GatedStore store =
      new GatedStore(new HeapSessionStore(InboxLimits.DEFAULT, new ManualClock()));
  private final Inboxes inboxes = new Inboxes(store, new PublicationIds(new NodeId("n", 1)));
  private final ClientId client = Samples.newClientId();
  private final Claim claim = new Claim(client, new NodeId("n", 1), 1);

  @BeforeEach
  void subscribe() {
    Samples.await(store.open(claim, false, 3_600));
    Samples.await(store.subscribe(claim, new SubscriptionChange(List.of(ALL), List.of())));
  }

  @Test
  void all_come_in_order_a_page_after_the_other() {
    CompletableFuture<Void> gate = store.hold("replay");
    InboxReplay replay = begin(retained());
    CompletableFuture<Void> sent = inboxes.send(replay, embedded.lane());
    embedded.run();
    assertThat(store.calls("replay")).as("the next page waits for the store").isEqualTo(1);
    store.release("replay");
    gate.complete(null);
    runTurns();
    assertThat(sent).isCompletedWithValue(null);
    assertThat(inboxes.end(replay)).isFalse();
    assertThat(inbox()).isEqualTo(IntStream.range(0, COUNT).mapToObj(i -> "old " + i).toList());
    assertThat(store.calls("replay")).isEqualTo(4);
  }

  @Test
  void what_is_published_meanwhile_comes_behind_the_retained_one_of_its_topic() {
    InboxReplay replay = begin(retained());
    publish("r/999", "new 999");
    publish("r/none", "of another topic");
    publish("r/999", "newer 999");
    assertThat(inbox()).containsExactly("old 999", "new 999", "of another topic", "newer 999");
    var sent = inboxes.send(replay, embedded.lane());
    runTurns();
    assertThat(sent).isCompleted();
    publish("r/5", "new 5");
    assertThat(inbox()).hasSize(COUNT + 4).doesNotHaveDuplicates().endsWith("old 998", "new 5");
  }

  @Test
  void nothing_more_comes_once_the_client_has_unsubscribed() {
    CompletableFuture<Void> gate = store.hold("replay");
    InboxReplay replay = begin(retained());
    CompletableFuture<Void> sent = inboxes.send(replay, embedded.lane());
    store.release("replay");
    gate.complete(null);
    int before = inbox().size();
    assertThat(before).isBetween(1, COUNT - 1);
    Samples.await(store.subscribe(claim, new SubscriptionChange(List.of(), List.of(ALL.filter()))));
    runTurns();
    assertThat(sent).isCompleted();
    assertThat(inbox()).hasSize(before);
  }

  @Test
  void who_subscribes_again_gets_all_of_the_second_time_and_no_more_of_the_first() {
    List<Publication> again = retained();
    InboxReplay first = begin(retained());
    var sentFirst = inboxes.send(first, embedded.lane());
    int before = inbox().size();
    InboxReplay second = begin(again);
    var sentSecond = inboxes.send(second, embedded.lane());
    runTurns();
    assertThat(sentFirst).isCompleted();
    assertThat(sentSecond).isCompleted();
    assertThat(inbox()).hasSize(before + COUNT).endsWith("old 998", "old 999");
    assertThat(before).isLessThan(COUNT);
  }

  /** [MQTT-3.8.4-3] has each SUBSCRIBE bring it; found and sent need not come one by one. */
  @Test
  void who_subscribes_again_before_a_short_replay_is_sent_gets_it_twice() {
    List<Publication> few = retained().subList(0, 2);
    InboxReplay first = begin(few);
    InboxReplay second = begin(few);
    var sentFirst = inboxes.send(first, embedded.lane());
    var sentSecond = inboxes.send(second, embedded.lane());
    runTurns();
    assertThat(sentFirst).isCompleted();
    assertThat(sentSecond).isCompleted();
    assertThat(inbox()).containsExactly("old 0", "old 1", "old 0", "old 1");
  }

  @Test
  void a_page_that_fails_ends_it_and_says_that_some_are_missing() {
    CompletableFuture<Void> gate = store.hold("replay");
    InboxReplay replay = begin(retained());
    CompletableFuture<Void> sent = inboxes.send(replay, embedded.lane());
    gate.completeExceptionally(new IllegalStateException("lost"));
    embedded.run();
    assertThat(sent).isCompletedExceptionally();
    assertThat(inboxes.end(replay)).isTrue();
    store.release("replay");
    publish("r/999", "new");
    assertThat(inbox()).as("it is forgotten").containsExactly("new");
  }

  private InboxReplay begin(List<Publication> retained) {
    InboxReplay replay = inboxes.begin(client, ALL);
    inboxes.found(replay, retained, Watermarks.NONE);
    return replay;
  }

  private void runTurns() {
    for (int i = 0; i < 5; i++) {
      embedded.advanceMillis(1);
    }
  }

  private void publish(String topic, String payload) {
    Publication publication = Samples.publication(topic, payload);
    InboxTarget target = new InboxTarget(client, Samples.delivery(publication));
    Samples.await(inboxes.append(publication, List.of(target)));
  }

  private static List<Publication> retained() {
    List<Publication> retained = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      retained.add(Samples.publication("r/" + i, "old " + i));
    }
    return retained;
  }

  private List<String> inbox() {
    return Samples.await(store.read(claim, 0, 2 * COUNT, 1 << 20)).entries().stream()
        .map(entry -> entry.delivery().publication().payload().toString())
        .toList();
  }
}
