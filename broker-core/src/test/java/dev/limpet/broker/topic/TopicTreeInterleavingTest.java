package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a reader gets when the tree changes under it, without leaving that to chance: the visitor
 * itself makes the changes, between one value and the next.
 */
@Timeout(60)
class TopicTreeInterleavingTest {
  private static final TopicName TOPIC = TopicName.of("a/b/c/d");
  private static final String STAYS = "stays ";

  /** Each matches the topic; together they fork and join the nodes on its way. */
  private static final List<String> MATCHING =
      List.of("a/b/c/d", "a/b/+/d", "a/b/#", "a/+/c/d", "+/b/c/d", "#", "a/b/c/d/#", "a/+/+/+");

  private static final List<String> OTHERS =
      List.of("a", "a/b", "a/b/c", "a/b/c/d/e", "a/b/x", "a/+", "+", "+/b", "a/b/+/x", "x");

  private final TopicTree<String> tree = new TopicTree<>();

  private List<String> matchesWhile(Runnable change) {
    List<String> found = new ArrayList<>();
    tree.match(
        TOPIC,
        value -> {
          found.add(value);
          change.run();
        });
    return found;
  }

  /** Below, at and above where a bag of values becomes a trie. */
  private static Stream<Integer> sizes() {
    return Stream.of(1, 2, 8, 9, 10, 24, 25, 200);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void a_value_that_goes_and_comes_back_is_visited_once(int size) {
    TopicFilter filter = TopicFilter.of("a/b/+/d");
    IntStream.range(0, size).forEach(i -> tree.add(filter, "v" + i));
    List<String> found =
        matchesWhile(
            () -> {
              for (int i = 0; i < size; i++) {
                assertThat(tree.remove(filter, "v" + i)).isTrue();
                assertThat(tree.add(filter, "v" + i)).isTrue();
              }
            });
    assertThat(found).hasSize(size).doesNotHaveDuplicates();
  }

  /** A session that subscribes again with other options: the new value comes, the old one goes. */
  @ParameterizedTest
  @MethodSource("sizes")
  void of_a_value_and_its_successor_one_is_always_visited(int size) {
    TopicFilter filter = TopicFilter.of("a/b/c/d");
    for (int i = 0; i < size; i++) {
      tree.add(filter, i + " old");
    }
    List<String> found =
        matchesWhile(
            () -> {
              for (int i = 0; i < size; i++) {
                if (tree.add(filter, i + " new")) {
                  tree.remove(filter, i + " old");
                }
              }
            });
    List<String> whose = found.stream().map(value -> value.split(" ", 2)[0]).toList();
    assertThat(whose).hasSize(size).doesNotHaveDuplicates();
  }

  @Test
  void a_node_that_goes_and_comes_back_is_listed_once() {
    for (int i = 0; i < 12; i++) {
      tree.add(TopicFilter.of("n" + i), "v");
    }
    List<String> found = new ArrayList<>();
    tree.forEach(
        (filter, value) -> {
          found.add(filter.value());
          for (int i = 0; i < 12; i++) {
            tree.remove(TopicFilter.of("n" + i), "v");
            tree.add(TopicFilter.of("n" + i), "v");
          }
        });
    assertThat(found).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  void whatever_changes_during_a_visit_what_stays_is_visited_once_and_nothing_twice() {
    long seed = Long.getLong("limpet.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 1_500; round++) {
      TopicTree<String> small = new TopicTree<>();
      int values = 1 + random.nextInt(30);
      List<String> stays = new ArrayList<>();
      for (String filter : MATCHING) {
        if (random.nextInt(3) == 0 && small.add(TopicFilter.of(filter), STAYS + filter)) {
          stays.add(STAYS + filter);
        }
      }
      change(small, random, values, 100);
      List<String> found = new ArrayList<>();
      small.match(
          TOPIC,
          value -> {
            found.add(value);
            change(small, random, values, random.nextInt(8));
          });
      assertThat(found)
          .as("seed %d, round %d", seed, round)
          .doesNotHaveDuplicates()
          .containsAll(stays)
          .allMatch(value -> MATCHING.contains(value.substring(value.indexOf(' ') + 1)));
    }
  }

  /** Each value comes when it is not there and goes when it is, mostly of one filter. */
  private static void change(TopicTree<String> tree, Random random, int values, int changes) {
    for (int i = 0; i < changes; i++) {
      List<String> filters = random.nextInt(3) == 0 ? OTHERS : MATCHING;
      String filter = filters.get(random.nextInt(filters.size()));
      String value = "v" + random.nextInt(values) + ' ' + filter;
      if (!tree.add(TopicFilter.of(filter), value)) {
        assertThat(tree.remove(TopicFilter.of(filter), value)).isTrue();
      }
    }
  }
}
