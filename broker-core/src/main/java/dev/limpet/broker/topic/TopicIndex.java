package dev.limpet.broker.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stores very many topics with a value each, searched by filters: the counterpart of {@link
 * TopicTree}.
 *
 * <p>A search leaps through the topics in order ({@link FilterSeek}); when that finds too little,
 * as with {@code site/+/line/+/alarm} where each line of each site would have to be looked at, it
 * goes through the topics that share the filter's rarest word ({@link TopicWords}) instead.
 *
 * <p>One writer at a time; who owns it sees to that. Readers never lock and are never in a writer's
 * way: of changes made meanwhile a search sees each or not, and no topic twice.
 *
 * @param <T> the value of a topic
 */
public final class TopicIndex<T> {
  /** A word found in more than one of this many topics is not selective enough. */
  private static final int SELECTIVE = 4;

  private final ConcurrentNavigableMap<String, IndexedTopic> byText = new ConcurrentSkipListMap<>();

  /** By word, the topics that have it, as a {@link TopicSet}. */
  private final AtomicReferenceArray<@Nullable Object> byWord =
      new AtomicReferenceArray<>(TopicWords.COUNT);

  private volatile int size;

  /** How many topics there are. */
  public int size() {
    return size;
  }

  /** The value of a topic; null when it is not there. */
  public @Nullable T get(String topic) {
    IndexedTopic there = byText.get(topic);
    return there == null ? null : value(there);
  }

  /** Gives a topic a value; returns the one before. The writer's only. */
  public @Nullable T put(String topic, T value) {
    IndexedTopic there = byText.get(topic);
    if (there != null) {
      T before = value(there);
      there.value = value;
      return before;
    }
    IndexedTopic added = new IndexedTopic(topic, value);
    byText.put(topic, added);
    for (int word : TopicWords.ofTopic(topic)) {
      byWord.set(word, TopicSet.with(byWord.get(word), added));
    }
    resize(1);
    return null;
  }

  /** Removes a topic; returns its value, null when it was not there. The writer's only. */
  public @Nullable T remove(String topic) {
    IndexedTopic gone = byText.remove(topic);
    if (gone == null) {
      return null;
    }
    final T before = value(gone);
    gone.value = null;
    for (int word : TopicWords.ofTopic(topic)) {
      byWord.set(word, TopicSet.without(byWord.get(word), gone));
    }
    resize(-1);
    return before;
  }

  /**
   * The values of topics that match a filter.
   *
   * @param wanted which of them count; asked of one value more than once at times
   * @param max how many are enough
   */
  public List<T> search(TopicFilter filter, Predicate<? super T> wanted, int max) {
    FilterSeek seek = new FilterSeek(filter);
    Found<T> found = new Found<>(seek, wanted, max);
    if (!filter.hasWildcard()) {
      found.look(byText.get(filter.value()));
      return found.values;
    }
    boolean leaping = false;
    int missed = 0;
    for (String from = seek.first(); from != null && !found.isEnough(); missed++) {
      if (!leaping && FilterSeek.isWasteful(missed, found.values.size())) {
        List<@Nullable Object> few = rarest(filter);
        if (!few.isEmpty() && sizeOf(few) < size / SELECTIVE) {
          return among(few, new Found<>(seek, wanted, max));
        }
        leaping = true;
      }
      from = row(from, found);
    }
    return found.values;
  }

  /** Returns the values of the next topics after a text in order, up to a maximum. */
  public List<T> after(String text, int max) {
    List<T> values = new ArrayList<>();
    for (IndexedTopic topic : byText.tailMap(text, false).values()) {
      T value = value(topic);
      if (values.size() == max) {
        break;
      }
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** Visits consecutive matches from a text on; returns where to continue. */
  private @Nullable String row(String from, Found<T> found) {
    for (Map.Entry<String, IndexedTopic> each : byText.tailMap(from).entrySet()) {
      if (!found.look(each.getValue())) {
        return found.seek.after(each.getKey());
      }
      if (found.isEnough()) {
        return null;
      }
    }
    return null;
  }

  private static <T> List<T> among(List<@Nullable Object> sets, Found<T> found) {
    for (Object set : sets) {
      TopicSet.forEach(set, found::look);
    }
    return found.values;
  }

  /** The fewest topics that hold all that match: no topic is in two of the sets. */
  private List<@Nullable Object> rarest(TopicFilter filter) {
    List<@Nullable Object> rarest = List.of();
    int size = Integer.MAX_VALUE;
    for (int[] words : TopicWords.ofFilter(filter)) {
      List<@Nullable Object> sets = new ArrayList<>();
      for (int word : words) {
        sets.add(byWord.get(word));
      }
      int sum = sizeOf(sets);
      if (sum < size) {
        rarest = sets;
        size = sum;
      }
    }
    return rarest;
  }

  private static int sizeOf(List<@Nullable Object> sets) {
    int sum = 0;
    for (Object set : sets) {
      sum += TopicSet.size(set);
    }
    return sum;
  }

  @SuppressWarnings("unchecked") // only put() puts values in
  private static <T> @Nullable T value(IndexedTopic topic) {
    return (T) topic.value;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void resize(int by) {
    size += by;
  }

  /** The results of a search so far. */
  private record Found<T>(FilterSeek seek, Predicate<? super T> wanted, int max, List<T> values) {

    Found(FilterSeek seek, Predicate<? super T> wanted, int max) {
      this(seek, wanted, max, new ArrayList<>());
    }

    boolean isEnough() {
      return values.size() >= max;
    }

    /** Keeps the topic's value when it matches and is wanted; returns whether it matches. */
    boolean look(@Nullable IndexedTopic topic) {
      if (topic == null || !seek.matches(topic.text)) {
        return false;
      }
      T value = value(topic);
      if (value != null && !isEnough() && wanted.test(value)) {
        values.add(value);
      }
      return true;
    }
  }
}
