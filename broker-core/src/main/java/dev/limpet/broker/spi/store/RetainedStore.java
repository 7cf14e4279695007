package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Stores the last retained publication of each topic, on two nodes.
 *
 * <p>Thread-safe; no method blocks; stages complete on any thread.
 */
public interface RetainedStore {

  /** Replaces the topic's retained publication; an empty payload removes it [MQTT-3.3.1-6]. */
  CompletionStage<Void> retain(Publication publication);

  /** Returns the size of all retained publications, at most a few seconds old; costs nothing. */
  StoreUsage usage();

  /** All that match and have not expired, at most {@code messagesMax}, in no order. */
  CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax);
}
