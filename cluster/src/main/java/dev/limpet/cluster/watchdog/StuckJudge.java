package dev.limpet.cluster.watchdog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides from one tick to the next what is stuck. Pure: it has neither clock nor threads, and
 * counts only ticks it is told were fair. Confined to its caller.
 *
 * <p>A state that comes back each time it was healed is not healed.
 */
final class StuckJudge {

  /** After so many fair ticks in a row without it, a state is over, and its heals are forgotten. */
  static final int QUIET_TICKS = 60;

  /** What is to be done about a symptom. */
  enum Deed {
    HEAL,
    END
  }

  /** A decision. Immutable. */
  record Verdict(Deed deed, Symptom symptom) {}

  private final Map<StuckState, Case> cases = new EnumMap<>(StuckState.class);

  /** One state's history. */
  private static final class Case {
    private @Nullable Object subject;
    private int ticks;
    private int heals;
    private int quiet;
  }

  /**
   * Looks at one tick.
   *
   * @param symptoms at most one for each state
   * @param fair whether the process had CPU in this tick; if not, it proves no standstill
   */
  List<Verdict> tick(List<Symptom> symptoms, boolean fair) {
    List<Verdict> verdicts = new ArrayList<>();
    Map<StuckState, Symptom> now = new EnumMap<>(StuckState.class);
    symptoms.forEach(each -> now.put(each.state(), each));
    for (StuckState state : StuckState.values()) {
      Symptom symptom = now.get(state);
      Case known = cases.computeIfAbsent(state, key -> new Case());
      if (symptom == null) {
        calm(known, fair);
      } else if (!symptom.subject().equals(known.subject)) {
        known.subject = symptom.subject();
        known.ticks = 0;
        known.quiet = 0;
      } else if (fair) {
        known.ticks++;
        judge(known, symptom, verdicts);
      }
    }
    return verdicts;
  }

  private static void calm(Case known, boolean fair) {
    known.subject = null;
    known.ticks = 0;
    known.quiet += fair ? 1 : 0;
    if (known.quiet >= QUIET_TICKS) {
      known.heals = 0;
    }
  }

  private static void judge(Case known, Symptom symptom, List<Verdict> verdicts) {
    StuckState state = symptom.state();
    boolean healDue = known.ticks % state.healTicks() == 0;
    boolean inVain = healDue && known.heals >= state.healsMax();
    if (symptom.mayEnd() && (known.ticks >= state.endTicks() || inVain)) {
      verdicts.add(new Verdict(Deed.END, symptom));
    } else if (healDue) {
      known.heals++;
      verdicts.add(new Verdict(Deed.HEAL, symptom));
    }
  }

  /** Fair ticks for which a state has lasted; 0 when all is well. */
  int ticks(StuckState state) {
    Case known = cases.get(state);
    return known == null ? 0 : known.ticks;
  }
}
