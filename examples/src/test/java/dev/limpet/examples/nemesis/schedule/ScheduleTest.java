package dev.limpet.examples.nemesis.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final int SEEDS = 200;

  private static List<String> words(Schedule schedule, long seed, int nodes) {
    return schedule.steps(seed, nodes).stream().map(Step::toString).toList();
  }

  @Test
  void the_same_seed_gives_the_same_steps() {
    for (Schedule each : Schedule.values()) {
      assertThat(words(each, 7, 3)).isEqualTo(words(each, 7, 3)).hasSizeGreaterThan(1);
      assertThat(Schedule.of(each.word())).isEqualTo(each);
    }
  }

  @Test
  void other_seeds_give_other_steps() {
    Set<List<String>> plans = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      plans.add(words(Schedule.FREEZE_AFTER_KILL, seed, 3));
    }
    assertThat(plans).hasSizeGreaterThan(SEEDS / 2);
  }

  @Test
  void every_schedule_has_its_turn() {
    assertThat(LongStream.range(0, SEEDS).mapToObj(Schedule::any).distinct())
        .containsExactlyInAnyOrder(Schedule.values());
  }

  /** No harm is meant for a node that does not exist, and none is lost for good. */
  @Test
  void steps_touch_only_nodes_there_are() {
    for (Schedule each : Schedule.values()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        for (int nodes = 3; nodes <= 5; nodes++) {
          Watched watched = new Watched(nodes);
          each.steps(seed, nodes).forEach(step -> step.deed().accept(watched));
          assertThat(watched.highest()).as("%s seed %d", each, seed).isLessThanOrEqualTo(nodes);
          assertThat(watched.dead()).as("%s seed %d", each, seed).isLessThanOrEqualTo(1);
        }
      }
    }
  }
}
