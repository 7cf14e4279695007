package dev.limpet.store;

import com.hazelcast.map.IMap;
import com.hazelcast.query.PagingPredicate;
import com.hazelcast.query.Predicate;
import com.hazelcast.query.Predicates;
import com.hazelcast.query.QueryConstants;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.TopicFilter;
import java.util.List;
import java.util.Map;

/**
 * Searches retained publications with a wildcard filter. The sorted index on the topic narrows the
 * search to what starts with the text before the first wildcard. Blocks; thread-safe.
 */
final class RetainedQuery {
  private static final String TOPIC = QueryConstants.KEY_ATTRIBUTE_NAME.value();

  private final IMap<String, Publication> retained;

  RetainedQuery(IMap<String, Publication> retained) {
    this.retained = retained;
  }

  List<Publication> match(TopicFilter filter, int messagesMax) {
    PagingPredicate<String, Publication> page =
        Predicates.pagingPredicate(predicate(filter), new TopicOrder(), messagesMax);
    return retained.entrySet(page).stream().map(Map.Entry::getValue).toList();
  }

  private static Predicate<String, Publication> predicate(TopicFilter filter) {
    TopicFilterPredicate matches = new TopicFilterPredicate(filter);
    String prefix = literalPrefix(filter.value());
    return prefix.isEmpty()
        ? matches
        : Predicates.and(Predicates.between(TOPIC, prefix, endOf(prefix)), matches);
  }

  /** What every matching topic starts with: "sport/#" also matches "sport". */
  static String literalPrefix(String filter) {
    if (filter.endsWith("/#")) {
      return literalPrefix(filter.substring(0, filter.length() - 2));
    }
    int plus = filter.indexOf('+');
    return filter.equals("#") ? "" : plus < 0 ? filter : filter.substring(0, plus);
  }

  /** The least text above all that start with the prefix. */
  private static String endOf(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }
}
