package dev.limpet.store.retained;

import com.hazelcast.map.IMap;
import com.hazelcast.query.PagingPredicate;
import com.hazelcast.query.Predicates;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.store.hazelcast.TopicFilterPredicate;
import java.util.List;
import java.util.Map;

/**
 * Searches retained publications with a wildcard filter, on all members at once. Blocks;
 * thread-safe.
 */
final class RetainedQuery {
  private final IMap<String, Publication> retained;

  RetainedQuery(IMap<String, Publication> retained) {
    this.retained = retained;
  }

  List<Publication> match(TopicFilter filter, int messagesMax) {
    PagingPredicate<String, Publication> page =
        Predicates.pagingPredicate(
            new TopicFilterPredicate(filter, messagesMax), new TopicOrder(), messagesMax);
    return retained.entrySet(page).stream().map(Map.Entry::getValue).toList();
  }
}
