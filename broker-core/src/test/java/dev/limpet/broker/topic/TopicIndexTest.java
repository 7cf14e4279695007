package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches of many topics, by leaps and by words, against a look at every topic. */
@Timeout(60)
class TopicIndexTest {
  private static final List<String> LEVELS = List.of("", "a", "b", "a-b", "$SYS", "c", "d", "e");
  private static final List<String> FILTER_LEVELS = List.of("", "a", "$SYS", "rare", "+", "+", "+");

  /** Beyond what leaps may miss, so that words are asked. */
  private static final int MANY = 4_000;

  private final TopicIndex<Integer> index = new TopicIndex<>();
  private final Map<String, Integer> model = new TreeMap<>();

  private void put(String topic, int value) {
    assertThat(index.put(topic, value)).isEqualTo(model.put(topic, value));
  }

  private void remove(String topic) {
    assertThat(index.remove(topic)).isEqualTo(model.remove(topic));
  }

  private void check(String filter) {
    TopicFilter matcher = TopicFilter.of(filter);
    List<Integer> expected = new ArrayList<>();
    model.forEach(
        (topic, value) -> {
          if (matcher.matches(TopicName.of(topic))) {
            expected.add(value);
          }
        });
    assertThat(index.search(matcher, value -> true, Integer.MAX_VALUE))
        .as(filter)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void finds_what_a_look_at_every_topic_finds_while_topics_come_and_go() {
    Random random = new Random(1);
    for (int i = 0; i < MANY; i++) {
      put(text(random, LEVELS, 6), i);
      put("wide/" + i + "/status", i);
      if (random.nextInt(4) == 0) {
        remove(text(random, LEVELS, 6));
      }
    }
    for (int i = 0; i < 300; i++) {
      String filter = text(random, FILTER_LEVELS, 6);
      check(random.nextInt(3) == 0 ? filter + "/#" : filter);
      put(text(random, LEVELS, 4) + "/rare", i);
      check("+/+/rare");
    }
    assertThat(index.size()).isEqualTo(model.size());
  }

  private static String text(Random random, List<String> levels, int max) {
    String text =
        IntStream.rangeClosed(0, random.nextInt(max))
            .mapToObj(level -> levels.get(random.nextInt(levels.size())))
            .collect(Collectors.joining("/"));
    return text.isEmpty() ? "a" : text;
  }

  @Test
  void finds_few_of_many_whatever_the_filter_knows_of_them() {
    for (int i = 0; i < MANY; i++) {
      put("site-" + i % 7 + "/device-" + i + "/status", i);
    }
    put("site-1/device-77/alarm", -1);
    put("$SYS/device-77/alarm", -2);
    put("/device-77/", -3);
    put("lonely", -4);
    put("a/b/c/d", -5);
    for (String filter :
        List.of(
            "+/+/alarm",
            "+/device-77/#",
            "$SYS/+/alarm",
            "+/device-77/+",
            "+",
            "#",
            "+/+",
            "+/#",
            "+/+/+/#",
            "+/+/+/+/#",
            "+/+/+/+",
            "/+/",
            "/#",
            "+/+/",
            "site-1/+/alarm",
            "+/nowhere",
            "site-1/device-77/alarm",
            "$SYS/#",
            "+/+/+/+/+/#")) {
      check(filter);
    }
  }

  @Test
  void finds_topics_of_hundreds_of_levels() {
    for (int i = 0; i < MANY; i++) {
      put("x/" + i + "/y".repeat(30 + i % 3), i);
    }
    put("x/0" + "/y".repeat(300) + "/end", -1);
    check("x/+" + "/+".repeat(300) + "/end");
    check("x/+" + "/+".repeat(100) + "/#");
    check("+/+" + "/y".repeat(31));
    check("+/17/#");
    model.keySet().stream().toList().forEach(this::remove);
    check("#");
  }

  @Test
  void stops_when_it_has_enough_and_leaves_out_what_is_not_wanted() {
    for (int i = 0; i < MANY; i++) {
      put("x/" + i + (i % 100 == 0 ? "/rare" : "/often"), i);
    }
    TopicFilter rare = TopicFilter.of("+/+/rare");
    assertThat(index.search(rare, value -> true, 7)).hasSize(7);
    assertThat(index.search(rare, value -> value % 200 == 0, 100)).hasSize(MANY / 200);
    assertThat(index.search(rare, value -> true, 0)).isEmpty();
    assertThat(index.after("x/1/often", 3)).containsExactly(10, 100, 1_000);
  }

  @Test
  void a_search_sees_what_stays_while_others_come_and_go() {
    for (int i = 0; i < MANY; i++) {
      index.put("x/" + i + "/status", i);
    }
    Set<Integer> staying = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      index.put("x/" + i + "/alarm", -i);
      staying.add(-i);
    }
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !over.get(); i++) {
                String topic = "x/" + (100 + i / 2 % 300) + "/alarm";
                Integer before = i % 2 == 0 ? index.put(topic, i) : index.remove(topic);
                assertThat(before == null).isEqualTo(i % 2 == 0);
              }
            });
    try {
      for (int i = 0; i < 300; i++) {
        List<Integer> found = index.search(TopicFilter.of("x/+/alarm"), value -> true, MANY);
        assertThat(found).containsAll(staying).doesNotHaveDuplicates();
      }
    } finally {
      over.set(true);
      writer.join();
    }
  }
}
