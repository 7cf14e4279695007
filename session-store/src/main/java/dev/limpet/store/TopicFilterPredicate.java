package dev.limpet.store;

import com.hazelcast.query.Predicate;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.Map;

/** Picks the retained publications a filter matches, by their key, the topic. Immutable. */
final class TopicFilterPredicate implements Predicate<String, Publication> {
  private static final long serialVersionUID = 1L;

  private final transient TopicFilter filter;

  TopicFilterPredicate(TopicFilter filter) {
    this.filter = filter;
  }

  TopicFilter filter() {
    return filter;
  }

  @Override
  public boolean apply(Map.Entry<String, Publication> entry) {
    return filter.matches(TopicName.of(entry.getKey()));
  }
}
