package dev.limpet.broker.sys;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Keeps this node's own {@code $SYS} topics, and passes all others, and the bridges' state there,
 * on to the store the nodes share. Thread-safe, as both are.
 */
public final class SysRetained implements RetainedStore {
  /** Far above the topics there are. */
  private static final int TOPICS_MAX = 1_000;

  private static final long BYTES_MAX = 1 << 20;

  private final RetainedStore shared;
  private final RetainedStore own;

  /**
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public SysRetained(RetainedStore shared, LongSupplier wallMillis) {
    this.shared = shared;
    this.own = new HeapRetainedStore(TOPICS_MAX, BYTES_MAX, wallMillis);
  }

  @Override
  public CompletionStage<Void> retain(Publication publication) {
    TopicName topic = publication.topic();
    return (topic.isSystem() && !topic.isBridgeState() ? own : shared).retain(publication);
  }

  /** Wildcards at the first level skip {@code $SYS} [MQTT-4.7.2-1]; those below may match both. */
  @Override
  public CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax) {
    if (!filter.isSystem()) {
      return shared.match(filter, messagesMax);
    }
    if (!filter.hasWildcard() && !TopicName.of(filter.value()).isBridgeState()) {
      return own.match(filter, messagesMax);
    }
    return own.match(filter, messagesMax)
        .thenCombine(
            shared.match(filter, messagesMax),
            (here, there) ->
                Stream.concat(here.stream(), there.stream()).limit(messagesMax).toList());
  }

  @Override
  public StoreUsage usage() {
    StoreUsage here = own.usage();
    StoreUsage there = shared.usage();
    return new StoreUsage(here.messages() + there.messages(), here.bytes() + there.bytes());
  }
}
