package dev.limpet.broker.sys;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * A retained store whose {@code $SYS} is this node's own, while all else is in the store the nodes
 * share. Thread-safe, as both are.
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
    return (publication.topic().isSystem() ? own : shared).retain(publication);
  }

  /** No filter matches both: wildcards at the first level skip {@code $SYS} [MQTT-4.7.2-1]. */
  @Override
  public CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax) {
    return (filter.isSystem() ? own : shared).match(filter, messagesMax);
  }

  @Override
  public StoreUsage usage() {
    StoreUsage here = own.usage();
    StoreUsage there = shared.usage();
    return new StoreUsage(here.messages() + there.messages(), here.bytes() + there.bytes());
  }
}
