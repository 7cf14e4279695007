package dev.limpet.broker.solo;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.spi.RetainedStoreContract;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class HeapRetainedStoreTest extends RetainedStoreContract {
  @Override
  protected RetainedStore createStore(LongSupplier wallMillis) {
    return new HeapRetainedStore(1_000, 1 << 20, wallMillis);
  }

  @Test
  void one_topic_too_many_is_not_retained_and_counted() {
    var store = new HeapRetainedStore(2, 1 << 20, clock);
    await(store.retain(publication("a", "body")));
    await(store.retain(publication("b", "body", clock.getAsLong() + 1000)));
    await(store.retain(publication("c", "body")));
    assertThat(store.overflowDropped()).isEqualTo(1);
    clock.advanceSeconds(1);
    await(store.retain(publication("d", "body")));
    assertThat(await(store.match(TopicFilter.of("#"), 10)))
        .extracting(p -> p.topic().value())
        .containsExactlyInAnyOrder("a", "d");
  }

  @Test
  void bytes_are_bounded_too_and_come_free_again() {
    int each = publication("t/1", "12345").bytes();
    var store = new HeapRetainedStore(100, 2L * each, clock);
    await(store.retain(publication("t/1", "12345")));
    await(store.retain(publication("t/2", "12345")));
    await(store.retain(publication("t/3", "12345")));
    await(store.retain(publication("t/2", "123456"))); // larger than what it replaces
    assertThat(store.overflowDropped()).isEqualTo(2);
    assertThat(store.usage()).isEqualTo(new StoreUsage(2, 2L * each));
    await(store.retain(publication("t/1", "")));
    await(store.retain(publication("t/3", "12345")));
    assertThat(store.usage()).isEqualTo(new StoreUsage(2, 2L * each));
  }
}
