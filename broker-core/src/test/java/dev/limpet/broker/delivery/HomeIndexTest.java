package dev.limpet.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HomeIndexTest {
  private static final ClientId ONE = ClientId.of("one");
  private static final Claim CLAIM = new Claim(ONE, new NodeId("n", 1), 1);
  private final GatedStore store =
      new GatedStore(new HeapSessionStore(InboxLimits.DEFAULT, () -> 0));
  private final FakeRoutes routes = new FakeRoutes();
  private final DurableSubscriptions durable = new DurableSubscriptions(new RouteUsers(routes));
  private Consumer<SessionImage> onIndexed = image -> {};
  private final HomeIndex index = new HomeIndex(store, durable, image -> onIndexed.accept(image));

  @BeforeEach
  void open() {
    routes.answersAtOnce = true;
    Samples.await(store.open(CLAIM, false, 3_600));
    subscribe("a");
  }

  @Test
  void it_is_done_once_the_routes_are_known() {
    routes.answersAtOnce = false;
    CompletableFuture<Void> done = index();
    assertThat(done).isNotDone();
    assertThat(matches("a")).isTrue();
    routes.answer();
    assertThat(done).isCompleted();
  }

  @Test
  void reads_follow_one_another_and_the_next_takes_all_that_was_asked_meanwhile() {
    CompletableFuture<Void> gate = store.hold("describe");
    CompletableFuture<Void> first = index();
    subscribe("b");
    CompletableFuture<Void> second = index();
    CompletableFuture<Void> third = index();
    assertThat(store.calls("describe")).isEqualTo(1);
    store.release("describe");
    gate.complete(null);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(store.calls("describe")).isEqualTo(2);
    assertThat(matches("b")).isTrue();
  }

  @Test
  void a_read_that_never_ends_is_given_up() {
    HomeIndex impatient = new HomeIndex(store, durable, image -> {}, 50);
    store.hold("describe");
    CompletableFuture<Void> first = impatient.index(List.of(ONE)).toCompletableFuture();
    await().until(first::isCompletedExceptionally);
    store.release("describe");
    Samples.await(impatient.index(List.of(ONE)));
    assertThat(matches("a")).isTrue();
  }

  @Test
  void a_session_that_is_gone_is_forgotten() {
    Samples.await(index());
    Samples.await(
        store.close(
            CLAIM,
            new dev.limpet.broker.spi.store.Progress(List.of(), List.of(), List.of(), List.of(), 0),
            0));
    Samples.await(index());
    assertThat(matches("a")).isFalse();
    assertThat(durable.size()).isZero();
  }

  @Test
  void a_failed_read_fails_those_who_asked_and_nobody_later() {
    store.hold("describe").completeExceptionally(new ClusterUnavailableException("test", null));
    assertThat(index()).isCompletedExceptionally();
    store.release("describe");
    assertThat(index()).isCompleted();
    assertThat(matches("a")).isTrue();
  }

  @Test
  void a_failed_advertisement_fails_those_who_asked_and_is_tried_again() {
    routes.answersAtOnce = false;
    CompletableFuture<Void> failed = index();
    routes.fail();
    assertThat(failed).isCompletedExceptionally();
    CompletableFuture<Void> again = index();
    assertThat(again).isNotDone();
    routes.answer();
    assertThat(again).isCompleted();
  }

  @Test
  void a_listener_that_throws_stops_no_later_read() {
    onIndexed =
        image -> {
          throw new IllegalStateException("test");
        };
    assertThat(index()).isCompletedExceptionally();
    List<SessionImage> heard = new ArrayList<>();
    onIndexed = heard::add;
    assertThat(index()).isCompleted();
    assertThat(heard).hasSize(1);
  }

  private CompletableFuture<Void> index() {
    return index.index(List.of(ONE)).toCompletableFuture();
  }

  private void subscribe(String filter) {
    Samples.await(
        store.subscribe(
            CLAIM,
            new SubscriptionChange(
                List.of(Samples.subscription(filter, Qos.AT_LEAST_ONCE)), List.of())));
  }

  private boolean matches(String topic) {
    List<ClientId> found = new ArrayList<>();
    durable.match(TopicName.of(topic), each -> found.add(each.clientId()));
    return found.contains(ONE);
  }
}
