package dev.limpet.store.hazelcast;

import com.hazelcast.query.Predicate;
import com.hazelcast.query.QueryConstants;
import com.hazelcast.query.impl.Comparison;
import com.hazelcast.query.impl.Index;
import com.hazelcast.query.impl.IndexKeyEntries;
import com.hazelcast.query.impl.QueryContext;
import com.hazelcast.query.impl.QueryContext.IndexMatchHint;
import com.hazelcast.query.impl.QueryableEntry;
import com.hazelcast.query.impl.predicates.AndPredicate;
import com.hazelcast.query.impl.predicates.EqualPredicate;
import com.hazelcast.query.impl.predicates.InPredicate;
import com.hazelcast.query.impl.predicates.IndexAwarePredicate;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.FilterSeek;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicWords;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects the retained publications a filter matches, by their key, the topic. With the sorted
 * index on it, a member skips from match to match; where that finds too little, it asks the index
 * of words ({@link TopicWords}) which topics have all the filter's literals. Hazelcast asks {@link
 * #apply} of every entry instead while partitions move, when indexes cannot be trusted. Immutable.
 */
public final class TopicFilterPredicate implements IndexAwarePredicate<String, Publication> {
  /** The sort key of retained publications: the map's key. */
  public static final String TOPIC = QueryConstants.KEY_ATTRIBUTE_NAME.value();

  /** The attribute of the key that has its words. */
  public static final String WORDS = "words";

  /** Their second index: numbers made of the key. */
  public static final String TOPIC_WORDS = TOPIC + '.' + WORDS;

  public static final String WORDS_INDEX = "limpet.retained.words";

  private static final long serialVersionUID = 1L;

  private final transient TopicFilter filter;
  private final transient FilterSeek seek;
  private final transient int messagesMax;

  /**
   * Creates one.
   *
   * @param messagesMax how many the search wants, the first by topic: a member looks for no more
   */
  public TopicFilterPredicate(TopicFilter filter, int messagesMax) {
    this.filter = filter;
    this.seek = new FilterSeek(filter);
    this.messagesMax = messagesMax;
  }

  public TopicFilter filter() {
    return filter;
  }

  public int messagesMax() {
    return messagesMax;
  }

  @Override
  public boolean apply(Map.Entry<String, Publication> entry) {
    return seek.matches(entry.getKey());
  }

  @Override
  public boolean isIndexed(QueryContext context) {
    return sorted(context) != null;
  }

  @Override
  public Set<QueryableEntry<String, Publication>> filter(QueryContext context) {
    Index index = Objects.requireNonNull(sorted(context));
    Index words =
        TopicWords.ofFilter(filter).isEmpty()
            ? null
            : context.matchIndex(WORDS_INDEX, IndexMatchHint.EXACT_NAME);
    Set<QueryableEntry<String, Publication>> found = new HashSet<>();
    String from = seek.first();
    for (int missed = 0; from != null && found.size() < messagesMax; missed++) {
      if (words != null && FilterSeek.isWasteful(missed, found.size())) {
        return byWords(words);
      }
      from = collect(index, from, found);
    }
    return found;
  }

  /**
   * All matches by the index of words. It keeps writers away meanwhile, so it is for rare matches.
   */
  @SuppressWarnings("unchecked") // the index holds what the map holds
  private Set<QueryableEntry<String, Publication>> byWords(Index words) {
    Set<QueryableEntry<String, Publication>> found = new HashSet<>();
    for (QueryableEntry<String, Publication> entry : words.evaluate(allWords())) {
      if (found.size() < messagesMax && apply(entry)) {
        found.add(entry);
      }
    }
    return found;
  }

  /**
   * Words with alternatives count only where there are no others: Hazelcast goes through all their
   * topics.
   */
  private Predicate<?, ?> allWords() {
    List<int[]> words = TopicWords.ofFilter(filter);
    if (words.stream().anyMatch(each -> each.length == 1)) {
      words.removeIf(each -> each.length > 1);
    }
    return new AndPredicate(
        words.stream().map(TopicFilterPredicate::anyOf).toArray(Predicate[]::new));
  }

  private static Predicate<?, ?> anyOf(int[] words) {
    return words.length == 1
        ? new EqualPredicate(TOPIC_WORDS, words[0])
        : new InPredicate(TOPIC_WORDS, Arrays.stream(words).boxed().toArray(Integer[]::new));
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

  private static @Nullable Index sorted(QueryContext context) {
    return context.matchIndex(TOPIC, IndexMatchHint.PREFER_ORDERED);
  }
}
