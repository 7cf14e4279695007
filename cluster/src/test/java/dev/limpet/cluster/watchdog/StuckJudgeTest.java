package dev.limpet.cluster.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.cluster.watchdog.StuckJudge.Deed;
import dev.limpet.cluster.watchdog.StuckJudge.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 9, "stuck is dead". The kind: a node that stands still and answers as if it did not, and
 * its opposite, a node that only waits for CPU and is ended for it.
 */
class StuckJudgeTest {

  private final StuckJudge judge = new StuckJudge();

  private static Symptom symptom(StuckState state, Object subject) {
    return Symptom.of(state, subject, "It stands still.");
  }

  /** The deeds of so many ticks, the first of which only sees the symptom. */
  private List<Deed> ticks(int count, boolean fair, Symptom... symptoms) {
    List<Deed> deeds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      judge.tick(List.of(symptoms), fair).stream().map(Verdict::deed).forEach(deeds::add);
    }
    return deeds;
  }

  @ParameterizedTest
  @EnumSource
  void what_stands_still_is_healed_first_and_ended_within_its_bound(StuckState state) {
    Symptom symptom = symptom(state, "one");
    boolean ends = state.endTicks() != StuckState.NEVER;
    int bound = ends ? state.endTicks() : 500;
    List<Deed> before = ticks(bound, true, symptom);
    assertThat(before).doesNotContain(Deed.END);
    assertThat(before).hasSize((bound - 1) / state.healTicks());
    assertThat(ticks(1, true, symptom).contains(Deed.END)).isEqualTo(ends);
  }

  @ParameterizedTest
  @EnumSource
  void without_cpu_nothing_is_judged_however_long_it_lasts(StuckState state) {
    Symptom symptom = symptom(state, "one");
    ticks(3, true, symptom);
    assertThat(ticks(10_000, false, symptom)).isEmpty();
    assertThat(judge.ticks(state)).isEqualTo(2);
  }

  @Test
  void work_that_goes_on_to_another_subject_is_not_stuck() {
    List<Deed> deeds = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      deeds.addAll(ticks(4, true, symptom(StuckState.MIGRATIONS, i)));
    }
    assertThat(deeds).isEmpty();
  }

  @Test
  void a_state_that_is_over_begins_anew() {
    Symptom symptom = symptom(StuckState.OWNERS, "one");
    ticks(StuckState.OWNERS.endTicks(), true, symptom);
    ticks(1, true);
    assertThat(judge.ticks(StuckState.OWNERS)).isZero();
    assertThat(ticks(StuckState.OWNERS.healTicks(), true, symptom)).isEmpty();
  }

  @Test
  void a_promotion_that_gets_stuck_after_each_heal_ends_the_node() {
    List<Deed> deeds = new ArrayList<>();
    for (int promotion = 0; promotion <= StuckState.PROMOTION.healsMax(); promotion++) {
      deeds.addAll(
          ticks(
              StuckState.PROMOTION.healTicks() + 1,
              true,
              symptom(StuckState.PROMOTION, promotion)));
      deeds.addAll(ticks(2, true));
    }
    assertThat(deeds).hasSize(StuckState.PROMOTION.healsMax() + 1).endsWith(Deed.END);
    assertThat(deeds.subList(0, StuckState.PROMOTION.healsMax())).containsOnly(Deed.HEAL);
  }

  @Test
  void heals_of_long_ago_do_not_count() {
    for (int promotion = 0; promotion < 50; promotion++) {
      assertThat(
              ticks(
                  StuckState.PROMOTION.healTicks() + 1,
                  true,
                  symptom(StuckState.PROMOTION, promotion)))
          .containsExactly(Deed.HEAL);
      ticks(StuckJudge.QUIET_TICKS, true);
    }
  }

  @Test
  void a_node_with_the_only_copy_is_healed_and_not_ended() {
    Symptom only = new Symptom(StuckState.MIGRATIONS, "one", "It stands still.", false);
    assertThat(ticks(10 * StuckState.MIGRATIONS.endTicks(), true, only)).containsOnly(Deed.HEAL);
  }
}
