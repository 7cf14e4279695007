package dev.limpet.broker.topic;

import org.jspecify.annotations.Nullable;

/**
 * Represents a topic in a {@link TopicIndex}. Compared by identity, whose hash no client can
 * choose: topics with equal hashes would form a long row.
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
