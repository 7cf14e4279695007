package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * A topic in a {@link TopicIndex}. Told apart by identity, whose hash no client can choose: topics
 * of one hash would be a long row.
 *
 * <p>Written by the index's one writer, read by any thread.
 */
final class IndexedTopic {
  final String text;

  /** Null once the topic is no longer in the index. */
  volatile @Nullable Object value;

  IndexedTopic(String text, Object value) {
    this.text = text;
    this.value = value;
  }
}
