package dev.limpet.broker.solo;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.RetainedStoreContract;
import dev.limpet.broker.topic.TopicFilter;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class HeapRetainedStoreTest extends RetainedStoreContract {
  @Override
  protected RetainedStore createStore(LongSupplier wallMillis) {
    return new HeapRetainedStore(100, 1 << 20, wallMillis);
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
}
