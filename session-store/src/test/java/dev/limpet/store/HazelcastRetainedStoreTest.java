package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.EntryView;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.RetainedStoreContract;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.call.MapNames;
import dev.limpet.store.retained.HazelcastRetainedStore;
import dev.limpet.store.retained.RetainedOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HazelcastRetainedStoreTest extends RetainedStoreContract {
  private static Members members;
  private HazelcastRetainedStore opened;

  @BeforeAll
  static void start() {
    members = new Members(2);
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  @Override
  protected RetainedStore createStore(LongSupplier wallMillis) {
    members.get(0).getMap(MapNames.RETAINED).clear();
    opened =
        new HazelcastRetainedStore(
            members.get(0),
            RetainedOptions.DEFAULT,
            CallOptions.DEFAULT,
            wallMillis,
            new SimpleMeterRegistry());
    return opened;
  }

  @Test
  void a_new_topic_beyond_the_bound_is_not_retained_and_counted_and_known_ones_go_on() {
    members.get(0).getMap(MapNames.RETAINED).clear();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (HazelcastRetainedStore small =
        new HazelcastRetainedStore(
            members.get(1), bounded(2), CallOptions.DEFAULT, clock, registry)) {
      await(small.retain(publication("t/1", "old")));
      await(small.retain(publication("t/2", "old")));
      Awaitility.await().until(() -> small.usage().messages() == 2);
      assertThat(small.usage().bytes()).isPositive();
      await(small.retain(publication("t/3", "refused")));
      Publication known = publication("t/1", "new");
      await(small.retain(known));
      assertThat(await(small.match(TopicFilter.of("t/1"), 10))).containsExactly(known);
      assertThat(await(small.match(TopicFilter.of("t/#"), 10))).hasSize(2);
      assertThat(registry.counter("limpet.store.retained.dropped").count()).isEqualTo(1);
      await(small.retain(publication("t/2", ""))); // makes room
      Awaitility.await().until(() -> small.usage().messages() == 1);
      await(small.retain(publication("t/3", "taken")));
      assertThat(await(small.match(TopicFilter.of("t/3"), 10))).hasSize(1);
    }
  }

  @Test
  void a_flood_of_new_topics_ends_at_the_bound_and_not_a_second_later() {
    members.get(0).getMap(MapNames.RETAINED).clear();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (HazelcastRetainedStore small =
        new HazelcastRetainedStore(
            members.get(1), bounded(500), CallOptions.DEFAULT, clock, registry)) {
      List<CompletionStage<Void>> flood = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        flood.add(small.retain(publication("flood/" + i, "x")));
      }
      flood.forEach(Samples::await);
      assertThat(members.get(0).getMap(MapNames.RETAINED).size()).isEqualTo(500);
      assertThat(registry.counter("limpet.store.retained.dropped").count()).isEqualTo(2_500);
    }
  }

  /**
   * Issue 9, item 9: Hazelcast's own expiry goes by each member's wall clock, and its copies of the
   * end are times of day.
   */
  @Test
  void what_has_expired_leaves_the_map_by_the_stores_clock_and_no_other() {
    IMap<String, Publication> map = members.get(0).getMap(MapNames.RETAINED);
    try (HazelcastRetainedStore other =
        new HazelcastRetainedStore(
            members.get(1),
            RetainedOptions.DEFAULT,
            CallOptions.DEFAULT,
            clock,
            new SimpleMeterRegistry())) {
      opened.startSweeping(); // each for the partitions it owns
      other.startSweeping();
      for (int i = 0; i < 20; i++) {
        await(opened.retain(publication("brief/" + i, "body", clock.getAsLong() + 60_000)));
        await(opened.retain(publication("long/" + i, "body", clock.getAsLong() + 60_001)));
        await(opened.retain(publication("for-ever/" + i, "body")));
      }
      EntryView<String, Publication> view = map.getEntryView("brief/0");
      assertThat(view.getExpirationTime()).isEqualTo(Long.MAX_VALUE);
      clock.advanceMillis(60_000);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> map.keySet().stream().noneMatch(topic -> topic.startsWith("brief/")));
      assertThat(map.size()).isEqualTo(40);
    }
  }

  private static RetainedOptions bounded(int topicsMax) {
    return RetainedOptions.builder().topicsMax(topicsMax).bytesMax(1 << 20).build();
  }

  @AfterEach
  void close() {
    opened.close();
  }
}
