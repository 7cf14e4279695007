package dev.limpet.store.retained;

import com.hazelcast.query.extractor.ValueCollector;
import com.hazelcast.query.extractor.ValueExtractor;
import dev.limpet.broker.topic.TopicWords;

/**
 * Tells Hazelcast's index of words which ones a topic has ({@link TopicWords}). Stateless; made by
 * Hazelcast, by its name.
 */
public final class TopicWordsExtractor implements ValueExtractor<String, Object> {
  /** Called from anywhere, by Hazelcast only. */
  @Override
  public void extract(String topic, Object argument, ValueCollector<Object> words) {
    for (int word : TopicWords.ofTopic(topic)) {
      words.addObject(word);
    }
  }
}
