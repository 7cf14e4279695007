package dev.limpet.store;

import com.hazelcast.query.QueryConstants;
import com.hazelcast.query.impl.Comparison;
import com.hazelcast.query.impl.Index;
import com.hazelcast.query.impl.IndexKeyEntries;
import com.hazelcast.query.impl.QueryContext;
import com.hazelcast.query.impl.QueryContext.IndexMatchHint;
import com.hazelcast.query.impl.QueryableEntry;
import com.hazelcast.query.impl.predicates.IndexAwarePredicate;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.FilterSeek;
import dev.limpet.broker.topic.TopicFilter;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Picks the retained publications a filter matches, by their key, the topic. With the sorted index
 * on it, a member leaps from match to match; Hazelcast asks {@link #apply} of every entry instead
 * while partitions move, when the index cannot be trusted. Immutable.
 */
final class TopicFilterPredicate implements IndexAwarePredicate<String, Publication> {
  private static final long serialVersionUID = 1L;
  private static final String TOPIC = QueryConstants.KEY_ATTRIBUTE_NAME.value();

  private final transient TopicFilter filter;
  private final transient FilterSeek seek;
  private final transient int messagesMax;

  /**
   * Creates one.
   *
   * @param messagesMax how many the search wants, the first by topic: a member looks for no more
   */
  TopicFilterPredicate(TopicFilter filter, int messagesMax) {
    this.filter = filter;
    this.seek = new FilterSeek(filter);
    this.messagesMax = messagesMax;
  }

  TopicFilter filter() {
    return filter;
  }

  int messagesMax() {
    return messagesMax;
  }

  @Override
  public boolean apply(Map.Entry<String, Publication> entry) {
    return seek.matches(entry.getKey());
  }

  @Override
  public boolean isIndexed(QueryContext context) {
    return index(context) != null;
  }

  @Override
  public Set<QueryableEntry<String, Publication>> filter(QueryContext context) {
    Index index = Objects.requireNonNull(index(context));
    Set<QueryableEntry<String, Publication>> found = new HashSet<>();
    String from = seek.first();
    while (from != null && found.size() < messagesMax) {
      from = collect(index, from, found);
    }
    return found;
  }

  /** Adds the matches that follow each other from a text on; returns where to look for more. */
  @SuppressWarnings("unchecked") // the index holds what the map holds
  private @Nullable String collect(
      Index index, String from, Set<QueryableEntry<String, Publication>> found) {
    Iterator<IndexKeyEntries> row =
        index.getSqlRecordIteratorBatch(Comparison.GREATER_OR_EQUAL, from, false);
    while (row.hasNext() && found.size() < messagesMax) {
      IndexKeyEntries entries = row.next();
      String topic = (String) entries.getIndexKey();
      if (!seek.matches(topic)) {
        return seek.after(topic);
      }
      entries.getEntries().forEachRemaining(found::add);
    }
    return null;
  }

  private static @Nullable Index index(QueryContext context) {
    return context.matchIndex(TOPIC, IndexMatchHint.PREFER_ORDERED);
  }
}
