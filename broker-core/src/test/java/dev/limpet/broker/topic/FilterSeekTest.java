package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sorted topics through the eyes of a filter: all matches in order, few of the others. */
class FilterSeekTest {

  /** Around the slash in the order of characters, where the leaps could go wrong. */
  private static final List<String> LEVELS =
      List.of("", "a", "a-", "a-b", "a!", "a0", "ab", "b", "$", "$SYS", " ", "z");

  private static final List<String> FILTER_LEVELS =
      List.of("", "a", "a-b", "a0", "b", "$SYS", "+", "+", "+");

  private int visited;

  private List<String> walk(NavigableSet<String> topics, String filter) {
    FilterSeek seek = new FilterSeek(TopicFilter.of(filter));
    List<String> found = new ArrayList<>();
    visited = 0;
    String from = seek.first();
    while (from != null) {
      String topic = topics.ceiling(from);
      if (topic == null) {
        break;
      }
      visited++;
      if (seek.matches(topic)) {
        found.add(topic);
      }
      String next = seek.after(topic);
      assertThat(next == null || next.compareTo(topic) > 0).as(filter + " at " + topic).isTrue();
      from = next;
    }
    return found;
  }

  @Test
  void finds_what_a_look_at_every_topic_finds() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      NavigableSet<String> topics = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        topics.add(text(random, LEVELS));
      }
      topics.remove("");
      String filter = text(random, FILTER_LEVELS);
      filter = random.nextInt(3) == 0 ? filter + "/#" : filter.isEmpty() ? "#" : filter;

      TopicFilter matcher = TopicFilter.of(filter);
      assertThat(walk(topics, filter))
          .as("%s, seed %d", filter, seed)
          .containsExactlyElementsOf(
              topics.stream().filter(t -> matcher.matches(TopicName.of(t))).toList());
    }
  }

  private static String text(Random random, List<String> levels) {
    return random
        .ints(1 + random.nextInt(4), 0, levels.size())
        .mapToObj(levels::get)
        .collect(Collectors.joining("/"));
  }

  @Test
  void meets_few_of_the_topics_that_do_not_match() {
    NavigableSet<String> topics = new TreeSet<>();
    for (int site = 0; site < 10; site++) {
      for (int device = 0; device < 1_000; device++) {
        topics.add("site-%d/device-%d/status".formatted(site, device));
      }
    }

    assertThat(walk(topics, "+/device-77/status")).hasSize(10);
    assertThat(visited).isLessThan(50);
    assertThat(walk(topics, "site-7/device-77/#")).hasSize(1);
    assertThat(visited).isLessThan(5);
    assertThat(walk(topics, "site-11/+")).isEmpty();
    assertThat(visited).isLessThan(5);
  }
}
