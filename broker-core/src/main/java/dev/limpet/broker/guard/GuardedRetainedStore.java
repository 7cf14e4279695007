package dev.limpet.broker.guard;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Wraps a store of retained publications so that it fails in one way only. As thread-safe as its
 * port.
 */
public final class GuardedRetainedStore implements RetainedStore {
  private final RetainedStore port;

  public GuardedRetainedStore(RetainedStore port) {
    this.port = port;
  }

  @Override
  public StoreUsage usage() {
    return port.usage();
  }

  @Override
  public CompletionStage<Void> retain(Publication publication) {
    return Guard.stage("RetainedStore.retain", () -> port.retain(publication));
  }

  @Override
  public CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax) {
    return Guard.stage("RetainedStore.match", () -> port.match(filter, messagesMax));
  }
}
