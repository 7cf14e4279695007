package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.spec.Spec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TopicTreeTest {
  private final TopicTree<String> tree = new TopicTree<>();

  private List<String> matches(String topic) {
    List<String> found = new ArrayList<>();
    tree.match(TopicName.of(topic), found::add);
    return found;
  }

  /** The examples of MQTT 5.0 section 4.7. */
  @ParameterizedTest
  @CsvSource({
    "sport/tennis/player1/#, sport/tennis/player1, true",
    "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
    "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
    "sport/#, sport, true",
    "sport/#, sports, false",
    "#, sport/tennis, true",
    "sport/tennis/+, sport/tennis/player1, true",
    "sport/tennis/+, sport/tennis/player1/ranking, false",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+, /finance, false",
    "#, $SYS/monitor, false",
    "+/monitor/Clients, $SYS/monitor/Clients, false",
    "$SYS/#, $SYS/, true",
    "$SYS/#, $SYS, true",
    "$SYS/monitor/+, $SYS/monitor/Clients, true",
    "+/#, $SYS/a, false",
    "+/tennis/#, sport/tennis/player1, true",
    "a/$x/#, a/$x, true",
    "a/+, a/$x, true",
    "Accounts, ACCOUNTS, false",
    "a//b, a/b, false",
    "a/+/b, a//b, true",
    "/, /, true",
    "+/+/+, //, true",
  })
  @Spec(
      v3 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"},
      v5 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"})
  void filters_match_as_the_specification_shows(String filter, String topic, boolean expected) {
    tree.add(TopicFilter.of(filter), "v");
    assertThat(matches(topic)).hasSize(expected ? 1 : 0);
    assertThat(TopicFilter.of(filter).matches(TopicName.of(topic))).isEqualTo(expected);
  }

  @Test
  void a_value_is_held_once_per_filter_and_found_once_for_each() {
    assertThat(tree.add(TopicFilter.of("a/+"), "v")).isTrue();
    assertThat(tree.add(TopicFilter.of("a/+"), "v")).isFalse();
    assertThat(tree.add(TopicFilter.of("a/b"), "v")).isTrue();
    assertThat(tree.size()).isEqualTo(2);
    assertThat(matches("a/b")).containsExactly("v", "v");
  }

  @Test
  void the_version_rises_with_changes_only() {
    long before = tree.version();
    tree.add(TopicFilter.of("a"), "v");
    long added = tree.version();
    tree.add(TopicFilter.of("a"), "v");
    tree.remove(TopicFilter.of("a"), "w");
    tree.remove(TopicFilter.of("b"), "v");
    tree.remove(TopicFilter.of("a/b"), "v");
    assertThat(tree.version()).isEqualTo(added).isNotEqualTo(before);
    assertThat(tree.remove(TopicFilter.of("a"), "v")).isTrue();
    assertThat(tree.version()).isNotEqualTo(added);
    assertThat(tree.size()).isZero();
  }

  @Test
  void a_long_filter_neither_overflows_the_stack_nor_stays_behind() {
    String deep = "/".repeat(65_535);
    String wild = "+/".repeat(20_000) + "#";
    tree.add(TopicFilter.of(deep), "deep");
    tree.add(TopicFilter.of(wild), "wild");
    assertThat(matches(deep)).containsExactlyInAnyOrder("deep", "wild");
    List<String> filters = new ArrayList<>();
    tree.forEach((filter, value) -> filters.add(filter.value()));
    assertThat(filters).containsExactlyInAnyOrder(deep, wild);
    assertThat(tree.remove(TopicFilter.of(deep), "deep")).isTrue();
    assertThat(tree.remove(TopicFilter.of(wild), "wild")).isTrue();
    assertThat(tree.nodes()).isZero();
  }

  @Test
  void a_filter_of_many_levels_takes_one_node() {
    tree.add(TopicFilter.of("/".repeat(65_535)), "v");
    assertThat(tree.nodes()).isEqualTo(1);
  }

  @Test
  void nodes_that_only_lead_on_are_joined_again() {
    tree.add(TopicFilter.of("a/b/c/d"), "v");
    tree.add(TopicFilter.of("a/b/x/y"), "v");
    tree.add(TopicFilter.of("a/b"), "v");
    tree.add(TopicFilter.of("a"), "v");
    assertThat(tree.nodes()).isEqualTo(4);
    tree.remove(TopicFilter.of("a/b"), "v");
    assertThat(tree.nodes()).isEqualTo(4);
    tree.remove(TopicFilter.of("a/b/x/y"), "v");
    assertThat(tree.nodes()).isEqualTo(2);
    tree.remove(TopicFilter.of("a"), "v");
    assertThat(tree.nodes()).isEqualTo(1);
    assertThat(matches("a/b/c/d")).containsExactly("v");
    assertThat(matches("a/b")).isEmpty();
  }

  @Test
  void part_of_a_label_is_neither_matched_nor_removed() {
    tree.add(TopicFilter.of("a/b/c"), "v");
    assertThat(matches("a/b")).isEmpty();
    assertThat(matches("a/b/c/d")).isEmpty();
    assertThat(matches("a/bb/c")).isEmpty();
    assertThat(tree.remove(TopicFilter.of("a/b"), "v")).isFalse();
    assertThat(tree.remove(TopicFilter.of("a/b/c/d"), "v")).isFalse();
    assertThat(tree.remove(TopicFilter.of("a/b/cc"), "v")).isFalse();
    assertThat(matches("a/b/c")).containsExactly("v");
  }

  @Test
  void many_values_and_many_children_come_and_go() {
    for (int i = 0; i < 5_000; i++) {
      tree.add(TopicFilter.of("one"), "v" + i);
      tree.add(TopicFilter.of("many/" + i), "v");
    }
    assertThat(matches("one")).hasSize(5_000).doesNotHaveDuplicates();
    assertThat(matches("many/4999")).containsExactly("v");
    for (int i = 0; i < 5_000; i++) {
      assertThat(tree.remove(TopicFilter.of("one"), "v" + i)).isTrue();
      assertThat(tree.remove(TopicFilter.of("many/" + i), "v")).isTrue();
      if (i == 4_990) {
        assertThat(matches("one")).hasSize(9);
        assertThat(matches("many/4999")).containsExactly("v");
      }
    }
    assertThat(tree.nodes()).isZero();
  }

  @Test
  void it_agrees_with_a_list_of_filters_after_any_changes() {
    long seed = Long.getLong("limpet.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Entry> model = new ArrayList<>();
    for (int step = 0; step < 6_000; step++) {
      Entry entry = new Entry(randomFilter(random), "v" + random.nextInt(30));
      if (random.nextInt(3) > 0) {
        boolean isNew = !model.contains(entry);
        assertThat(tree.add(entry.filter, entry.value)).as("seed %d", seed).isEqualTo(isNew);
        if (isNew) {
          model.add(entry);
        }
      } else {
        if (!model.isEmpty() && random.nextBoolean()) {
          entry = model.get(random.nextInt(model.size()));
        }
        boolean there = model.remove(entry);
        assertThat(tree.remove(entry.filter, entry.value)).as("seed %d", seed).isEqualTo(there);
      }
      if (step % 20 == 0) {
        assertSameMatches(model, TopicName.of(randomTopic(random)), seed);
      }
    }
    assertHolds(model, seed);
    for (Entry entry : model) {
      assertThat(tree.remove(entry.filter, entry.value)).as("seed %d", seed).isTrue();
    }
    assertThat(tree.nodes()).as("seed %d", seed).isZero();
  }

  private record Entry(TopicFilter filter, String value) {}

  private void assertSameMatches(List<Entry> model, TopicName topic, long seed) {
    List<String> expected = new ArrayList<>();
    for (Entry entry : model) {
      if (entry.filter.matches(topic)) {
        expected.add(entry.value);
      }
    }
    assertThat(matches(topic.value()))
        .as("seed %d, topic %s", seed, topic)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private void assertHolds(List<Entry> model, long seed) {
    Set<Entry> held = new HashSet<>();
    tree.forEach((filter, value) -> held.add(new Entry(filter, value)));
    assertThat(held).as("seed %d", seed).isEqualTo(new HashSet<>(model));
    assertThat(tree.size()).as("seed %d", seed).isEqualTo(model.size());
  }

  private static TopicFilter randomFilter(Random random) {
    int levels = 1 + random.nextInt(4);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      text.append(i > 0 ? "/" : "");
      int kind = random.nextInt(10);
      if (kind == 0 && i == levels - 1) {
        text.append('#');
      } else {
        text.append(kind < 3 ? "+" : randomLevel(random));
      }
    }
    return text.length() == 0 ? TopicFilter.of("/") : TopicFilter.of(text.toString());
  }

  private static String randomTopic(Random random) {
    int levels = 1 + random.nextInt(4);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      text.append(i > 0 ? "/" : "").append(randomLevel(random));
    }
    return text.length() == 0 ? "/" : text.toString();
  }

  /** Mostly one of few, so that branches meet; sometimes one of many, so that tables grow. */
  private static String randomLevel(Random random) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return "n" + random.nextInt(40);
    }
    return List.of("", "$s", "a", "b", "ab", "ä").get(random.nextInt(6));
  }
}
